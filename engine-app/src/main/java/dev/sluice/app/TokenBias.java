package dev.sluice.app;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A token id and what is added to its logit, on the command line as in llama.cpp: {@code 42+1.5}, {@code 42-inf}. */
record TokenBias(int token, double bias) {
    /** Refuses a token that is named twice: the biases could be meant to add up, or the last to count. */
    static void requireDistinct(List<TokenBias> biases) {
        Set<Integer> tokens = new HashSet<>();
        for (TokenBias bias : biases) {
            if (!tokens.add(bias.token())) {
                throw new IllegalArgumentException("--logit-bias: token " + bias.token() + " is given twice");
            }
        }
    }

    static final class Converter implements ITypeConverter<TokenBias> {
        private static final Pattern FORM =
                Pattern.compile("(\\d+)([+-](?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?|-inf)");

        @Override
        public TokenBias convert(String value) {
            Matcher matcher = FORM.matcher(value);
            if (matcher.matches()) {
                String bias = matcher.group(2);
                try {
                    return new TokenBias(
                            Integer.parseInt(matcher.group(1)),
                            bias.equals("-inf") ? Double.NEGATIVE_INFINITY : Double.parseDouble(bias));
                } catch (NumberFormatException e) {
                    throw new TypeConversionException("'" + value + "': no token id is that large");
                }
            }
            throw new TypeConversionException(
                    "'" + value + "' is not a token id and a bias; expected ID+BIAS, ID-BIAS or ID-inf, as in 42-1.5");
        }
    }
}
