package dev.sluice.app;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Token ids on the command line: {@code 1,2,3}, or {@code @FILE} with ids between commas, white space or brackets. */
record TokenIds(List<Integer> ids) {
    int[] toArray() {
        return ids.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Refuses ids that a model does not have. */
    void check(int vocabularySize) {
        for (int id : ids) {
            if (id < 0 || id >= vocabularySize) {
                throw new IllegalArgumentException(
                        "--tokens: " + id + " is not a token id of this model; expected 0 to " + (vocabularySize - 1));
            }
        }
    }

    static final class Converter implements ITypeConverter<TokenIds> {
        @Override
        public TokenIds convert(String value) {
            String text = value.startsWith("@") ? read(value.substring(1)) : value;
            List<Integer> ids = new ArrayList<>();
            for (String word : text.split("[\\s,\\[\\]]+")) {
                if (!word.isEmpty()) {
                    try {
                        ids.add(Integer.valueOf(word));
                    } catch (NumberFormatException e) {
                        throw new TypeConversionException("'" + word + "' is not a token id; expected 1,2,3 or @FILE");
                    }
                }
            }
            if (ids.isEmpty()) {
                throw new TypeConversionException("no token ids in '" + value + "'; expected 1,2,3 or @FILE");
            }
            return new TokenIds(ids);
        }

        private static String read(String file) {
            try {
                return Terminal.readFile(file);
            } catch (IOException | IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
