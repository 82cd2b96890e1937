package dev.sluice.gguf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** How a model is split over files: their names and the three keys that each of them has. */
final class SplitFiles {
    static final String NO = "split.no";
    static final String COUNT = "split.count";
    static final String TENSORS = "split.tensors.count";

    /** Reads one file. */
    interface Reader {
        GgufParser.Part read(Path path) throws IOException;
    }

    private SplitFiles() {}

    /** The name of part {@code no}, counted from 0. */
    static String name(String prefix, int no, int count) {
        return prefix + suffix(no, count);
    }

    private static String suffix(int no, int count) {
        return String.format("-%05d-of-%05d.gguf", no + 1, count);
    }

    /** The number of files that the model of this part is split over, at least 1. */
    static int count(GgufParser.Part part) {
        return Math.max(1, part.metadata().findInt(COUNT).orElse(1));
    }

    /** Every part of the model whose first part is at {@code path}, in order; a single one where it is not split. */
    static List<GgufParser.Part> read(Path path, Reader reader) throws IOException {
        GgufParser.Part first = reader.read(path);
        int count = count(first);
        if (count == 1) {
            return List.of(first);
        }
        String name = path.getFileName().toString();
        int no = first.metadata().getInt(NO);
        if (no != 0) {
            String suffix = suffix(no, count);
            String wanted = name.endsWith(suffix)
                    ? name(name.substring(0, name.length() - suffix.length()), 0, count)
                    : "the one whose name ends in " + suffix(0, count);
            throw new GgufException(path + ": part " + (no + 1L) + " of " + count + ", open the first part: " + wanted);
        }
        String suffix = suffix(0, count);
        if (!name.endsWith(suffix)) {
            throw new GgufException(
                    path + ": the first of " + count + " parts: to find the others its name must end in " + suffix);
        }
        String prefix = name.substring(0, name.length() - suffix.length());
        List<GgufParser.Part> parts = new ArrayList<>(List.of(first));
        for (int i = 1; i < count; i++) {
            parts.add(readNext(path.resolveSibling(name(prefix, i, count)), i, count, reader));
        }
        checkTotal(first, parts);
        return parts;
    }

    private static GgufParser.Part readNext(Path path, int no, int count, Reader reader) throws IOException {
        if (!Files.exists(path)) {
            throw new GgufException(path + ": part " + (no + 1) + " of " + count + " is missing");
        }
        GgufParser.Part part = reader.read(path);
        int actualNo = part.metadata().getInt(NO);
        if (actualNo != no) {
            throw new GgufException(path + ": key " + NO + " is " + actualNo + ", expected " + no + " as in its name");
        }
        if (count(part) != count) {
            throw new GgufException(
                    path + ": key " + COUNT + " is " + count(part) + ", expected " + count + " as in the first part");
        }
        return part;
    }

    private static void checkTotal(GgufParser.Part first, List<GgufParser.Part> parts) {
        long total = parts.stream().mapToLong(p -> p.tensors().size()).sum();
        OptionalInt expected = first.metadata().findInt(TENSORS);
        if (expected.isPresent() && expected.getAsInt() != total) {
            throw new GgufException(first.file() + ": the parts have " + total + " tensors, expected "
                    + expected.getAsInt() + " as key " + TENSORS + " says");
        }
    }
}
