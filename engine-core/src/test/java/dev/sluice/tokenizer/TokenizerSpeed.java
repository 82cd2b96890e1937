package dev.sluice.tokenizer;

import dev.sluice.Model;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;

/** Prints how fast a model's tokenizer is on hostile text, called by {@code scripts/compare/tokenizer.py --speed}. */
final class TokenizerSpeed {
    private static final int[] LENGTHS = {10_000, 100_000, 1_000_000};
    private static final double LEAST_SECONDS = 0.2;

    private TokenizerSpeed() {}

    public static void main(String[] files) throws IOException {
        try (Model model = Model.load(Path.of(files[0]))) {
            Tokenizer tokenizer = model.tokenizer().orElseThrow();
            System.out.printf(
                    "%s, %d tokens; million characters per second of processor time, with NFC%n",
                    files[0], tokenizer.size());
            System.out.printf("%-34s%10s%10s%10s%n", "of", "10k", "100k", "1M");
            for (HostileText text : HostileText.all(tokenizer)) {
                System.out.printf("%-34s", text);
                for (int length : LENGTHS) {
                    System.out.printf("%10.2f", speed(tokenizer, text.ofLength().apply(length)) / 1e6);
                }
                System.out.println();
            }
        }
    }

    /** Characters per second of this thread's processor time, in the fastest of several runs. */
    private static double speed(Tokenizer tokenizer, String text) {
        long best = Long.MAX_VALUE;
        long begin = nanos();
        for (int run = 0; run < 3 || nanos() - begin < LEAST_SECONDS * 1e9; run++) {
            long start = nanos();
            tokenizer.encode(text, EncodeOptions.withSpecial());
            best = Math.min(best, nanos() - start);
        }
        return text.length() / (best / 1e9);
    }

    private static long nanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
