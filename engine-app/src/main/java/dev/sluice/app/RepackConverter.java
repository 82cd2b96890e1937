package dev.sluice.app;

import dev.sluice.Repack;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code auto}, {@code on} or {@code off}. */
final class RepackConverter implements ITypeConverter<Repack> {
    @Override
    public Repack convert(String value) {
        return switch (value) {
            case "auto" -> Repack.AUTO;
            case "on" -> Repack.ON;
            case "off" -> Repack.OFF;
            default -> throw new TypeConversionException("'" + value + "' is not supported; expected auto, on or off");
        };
    }
}
