package dev.sluice.app.inspect;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import com.github.difflib.patch.Patch;
import java.util.List;

/**
 * Two chat templates.
 *
 * @param key in the metadata
 * @param firstDifference the first line that differs, from 1
 * @param diff a unified diff of their lines; empty where they are so long that it would take too much time
 */
public record TemplateDifference(String key, int firstDifference, List<String> diff) {
    /** Lines of both together: time and memory are up to the square of it. */
    private static final int MOST_LINES = 2000;

    private static final int SURROUNDING = 3;

    static TemplateDifference of(String key, String a, String b) {
        List<String> linesA = List.of(a.split("\n", -1));
        List<String> linesB = List.of(b.split("\n", -1));
        int first = Values.mismatch(linesA, linesB) + 1;
        if (linesA.size() + linesB.size() > MOST_LINES) {
            return new TemplateDifference(key, first, List.of());
        }
        Patch<String> patch = DiffUtils.diff(linesA, linesB);
        return new TemplateDifference(
                key, first, UnifiedDiffUtils.generateUnifiedDiff("a", "b", linesA, patch, SURROUNDING));
    }
}
