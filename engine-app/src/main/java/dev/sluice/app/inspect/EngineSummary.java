package dev.sluice.app.inspect;

import dev.sluice.Finding;
import dev.sluice.Inspection;
import dev.sluice.MemoryUse;
import dev.sluice.SessionOptions;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;

/**
 * What the engine makes of a file.
 *
 * @param supported whether it loads
 * @param refusals every reason why it does not
 * @param warnings what is left out or refused in a file that loads all the same
 * @param layers blocks of the trunk, as the keys say
 * @param mtpBlocks MTP blocks, which are not used
 * @param memory what it costs; empty where it does not load
 */
public record EngineSummary(
        boolean supported,
        List<Reason> refusals,
        List<Reason> warnings,
        long layers,
        long mtpBlocks,
        long contextLength,
        Optional<Memory> memory) {
    private static final List<Integer> CONTEXTS = List.of(4096, 32768, 131072);

    /**
     * A finding.
     *
     * @param kind architecture, key, tensor, tensor_type, tokenizer, chat_template, sampling, mtp, ignored_tensors
     */
    public record Reason(String kind, String message, List<String> tensors) {
        private static List<Reason> of(Inspection inspection, boolean fatal) {
            return inspection.findings().stream()
                    .filter(finding -> finding.fatal() == fatal)
                    .map(Reason::of)
                    .toList();
        }

        private static Reason of(Finding finding) {
            return new Reason(finding.kind().name().toLowerCase(Locale.ROOT), finding.message(), finding.tensors());
        }
    }

    /**
     * Memory in bytes.
     *
     * @param weightsBytes the mapped file
     * @param scratchBytes working memory of the model, once loaded
     */
    public record Memory(long weightsBytes, long scratchBytes, List<SessionCost> sessions) {}

    /**
     * What one more session takes with its context full, keys and values as F16.
     *
     * @param asked whether this is the context that was asked for, or the default
     */
    public record SessionCost(int context, boolean asked, long recurrentStateBytes, long kvCacheBytes) {}

    static EngineSummary of(Keys keys, Inspection inspection, OptionalInt asked) {
        long blocks = keys.ofArchitecture("block_count").orElse(0L);
        long mtp = keys.ofArchitecture("nextn_predict_layers").orElse(0L);
        long context = keys.ofArchitecture("context_length").orElse(0L);
        return new EngineSummary(
                !inspection.isRefused(),
                Reason.of(inspection, true),
                Reason.of(inspection, false),
                blocks - mtp,
                mtp,
                context,
                inspection.isRefused() ? Optional.empty() : Optional.of(memory(inspection, (int) context, asked)));
    }

    /** @param most the model's own context length, which is an int where a file is not refused */
    private static Memory memory(Inspection inspection, int most, OptionalInt wanted) {
        int asked = wanted.orElse(Math.min(SessionOptions.DEFAULT_CONTEXT_LENGTH, most));
        asked = asked == 0 ? most : asked;
        TreeSet<Integer> contexts = new TreeSet<>(CONTEXTS);
        contexts.removeIf(context -> context > most);
        contexts.add(most);
        contexts.add(asked);
        int chosen = asked;
        MemoryUse any = inspection.memory(SessionOptions.ofContext(asked));
        return new Memory(
                any.weights(),
                any.scratch(),
                contexts.stream()
                        .map(context -> {
                            MemoryUse use = inspection.memory(SessionOptions.ofContext(context));
                            return new SessionCost(context, context == chosen, use.recurrentState(), use.kvCache());
                        })
                        .toList());
    }
}
