package dev.sluice.app;

import dev.sluice.gguf.TensorType;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code f16} or {@code f32}. */
final class KvTypeConverter implements ITypeConverter<TensorType> {
    @Override
    public TensorType convert(String value) {
        return switch (value) {
            case "f16" -> TensorType.F16;
            case "f32" -> TensorType.F32;
            default -> throw new TypeConversionException("'" + value + "' is not supported; expected f16 or f32");
        };
    }
}
