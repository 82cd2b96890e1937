package dev.sluice.app;

import dev.sluice.sample.SamplingPreset;
import java.util.Arrays;
import java.util.Iterator;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The presets by the names under which users ask for them. */
final class PresetNames implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
        return Arrays.stream(SamplingPreset.values()).map(SamplingPreset::label).iterator();
    }

    static final class Converter implements ITypeConverter<SamplingPreset> {
        @Override
        public SamplingPreset convert(String value) {
            try {
                return SamplingPreset.of(value);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
