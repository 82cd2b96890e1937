package dev.sluice.gguf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;

/** The first bytes of a file: those of a GGUF file, or a message that says what the file is instead. */
final class Magic {
    private static final byte[] GGUF = {'G', 'G', 'U', 'F'};
    private static final int SHOWN = 16;
    /** As much as it takes to know a file that people have in place of the one they wanted. */
    private static final int LOOKED_AT = 64;

    private Magic() {}

    static void check(String file, MemorySegment bytes) {
        if (bytes.byteSize() == 0) {
            throw new GgufException(file + ": the file is empty, not a GGUF file");
        }
        byte[] start = bytes.asSlice(0, Math.min(LOOKED_AT, bytes.byteSize())).toArray(ValueLayout.JAVA_BYTE);
        int common = Math.min(start.length, GGUF.length);
        if (!Arrays.equals(start, 0, common, GGUF, 0, common)) {
            byte[] shown = Arrays.copyOf(start, Math.min(SHOWN, start.length));
            throw new GgufException(file + ": not a GGUF file: it begins with \"" + printable(shown) + "\" ("
                    + HexFormat.ofDelimiter(" ").formatHex(shown) + "), expected \"GGUF\" (47 47 55 46)" + hint(start));
        }
    }

    private static String printable(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1).replaceAll("[^ -~]", ".");
    }

    /** What to do about the two things that downloads most often leave in place of a model. */
    private static String hint(byte[] start) {
        String text = new String(start, StandardCharsets.ISO_8859_1).strip().toLowerCase(Locale.ROOT);
        if (text.startsWith("version https://git-lfs")) {
            return "; this is a Git LFS pointer: run git lfs pull in its repository";
        }
        if (text.startsWith("<!doctype html") || text.startsWith("<html")) {
            return "; this is a web page: download the file itself, on Hugging Face under /resolve/ and not /blob/";
        }
        return "";
    }
}
