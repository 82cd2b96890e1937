package dev.sluice.app.inspect;

import dev.sluice.app.inspect.Description.TensorEntry;
import dev.sluice.arch.Architectures;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The tensors of a file by their place in the model.
 *
 * @param input embeddings: what stands before the blocks
 * @param groups the blocks, those of equal make together, in the order of their first
 * @param output what stands after the blocks
 * @param tied whether the embedding table is the output head too
 * @param others the rest, by the first part of their names: vision towers, adapters, what nobody knows
 */
public record LayerTree(
        List<TensorEntry> input, List<Group> groups, List<TensorEntry> output, boolean tied, List<Family> others) {
    private static final Pattern BLOCK = Pattern.compile("blk\\.(\\d{1,9})\\.(.+)", Pattern.DOTALL);

    /**
     * Blocks whose tensors have the same names, shapes and types.
     *
     * @param blocks their numbers, ascending
     * @param mixer "delta net", "attention", "state space"; "other" where the names say nothing
     * @param feedForward "dense", "MoE"; "none" where there is none in the block
     * @param mtp whether they predict tokens further ahead, and stand behind the trunk
     * @param types of one block, those with the most bytes first
     * @param parameters of one block
     * @param bytes of one block
     * @param tensors of one block, their names without {@code blk.N.}
     */
    public record Group(
            List<Integer> blocks,
            String mixer,
            String feedForward,
            boolean mtp,
            List<String> types,
            long parameters,
            long bytes,
            List<TensorEntry> tensors) {}

    /**
     * Tensors whose names begin alike.
     *
     * @param name the first part of their names, or the whole name of a single tensor
     */
    public record Family(String name, int tensors, List<String> types, long parameters, long bytes) {
        private static Family of(String prefix, List<TensorEntry> tensors) {
            return new Family(
                    tensors.size() == 1 ? tensors.getFirst().name() : prefix + ".*",
                    tensors.size(),
                    typesOf(tensors),
                    tensors.stream().mapToLong(TensorEntry::parameters).sum(),
                    tensors.stream().mapToLong(TensorEntry::bytes).sum());
        }
    }

    /** Which blocks are MTP blocks: those from {@code first} up to {@code end}. */
    record MtpBlocks(long first, long end) {
        static MtpBlocks of(Keys keys) {
            long end = keys.ofArchitecture("block_count").orElse(0L);
            return new MtpBlocks(
                    end - keys.ofArchitecture("nextn_predict_layers").orElse(0L), end);
        }

        boolean contains(int block) {
            return block >= first && block < end;
        }

        boolean owns(String tensor) {
            Matcher block = BLOCK.matcher(tensor);
            return block.matches() && contains(Integer.parseInt(block.group(1)));
        }
    }

    static LayerTree of(List<TensorEntry> tensors, Keys keys) {
        List<TensorEntry> input = new ArrayList<>();
        List<TensorEntry> output = new ArrayList<>();
        Map<Integer, List<TensorEntry>> blocks = new TreeMap<>();
        Map<String, List<TensorEntry>> others = new LinkedHashMap<>();
        for (TensorEntry tensor : tensors) {
            Matcher block = BLOCK.matcher(tensor.name());
            if (block.matches()) {
                blocks.computeIfAbsent(Integer.valueOf(block.group(1)), n -> new ArrayList<>())
                        .add(tensor.named(block.group(2)));
            } else if (tensor.name().startsWith("token_") || tensor.name().startsWith("position_embd")) {
                input.add(tensor);
            } else if (tensor.name().startsWith("output")) {
                output.add(tensor);
            } else {
                others.computeIfAbsent(tensor.name().split("\\.", 2)[0], prefix -> new ArrayList<>())
                        .add(tensor);
            }
        }
        boolean table = input.stream().anyMatch(tensor -> tensor.name().equals("token_embd.weight"));
        boolean head = output.stream().anyMatch(tensor -> tensor.name().equals("output.weight"));
        List<Family> families = new ArrayList<>();
        others.forEach((prefix, members) -> families.add(Family.of(prefix, members)));
        return new LayerTree(input, groups(blocks, keys), output, table && !head, families);
    }

    private static List<Group> groups(Map<Integer, List<TensorEntry>> blocks, Keys keys) {
        record Make(boolean mtp, List<TensorEntry> tensors) {}
        MtpBlocks mtp = MtpBlocks.of(keys);
        Map<Make, List<Integer>> equal = new LinkedHashMap<>();
        blocks.forEach((number, tensors) -> equal.computeIfAbsent(
                        new Make(mtp.contains(number), tensors), make -> new ArrayList<>())
                .add(number));
        boolean hybrid = keys.text("general.architecture")
                .filter(Architectures.names()::contains)
                .isPresent();
        List<Group> groups = new ArrayList<>();
        equal.forEach((make, numbers) -> groups.add(new Group(
                numbers,
                mixer(make.tensors, hybrid),
                feedForward(make.tensors),
                make.mtp,
                typesOf(make.tensors),
                make.tensors.stream().mapToLong(TensorEntry::parameters).sum(),
                make.tensors.stream().mapToLong(TensorEntry::bytes).sum(),
                make.tensors)));
        return groups;
    }

    private static String mixer(List<TensorEntry> tensors, boolean hybrid) {
        if (anyStartsWith(tensors, "ssm_")) {
            return hybrid ? "delta net" : "state space";
        }
        return anyStartsWith(tensors, "attn_q") || anyStartsWith(tensors, "attn_k") ? "attention" : "other";
    }

    private static String feedForward(List<TensorEntry> tensors) {
        if (tensors.stream().anyMatch(tensor -> tensor.name().contains("_exps."))) {
            return "MoE";
        }
        return anyStartsWith(tensors, "ffn_up") || anyStartsWith(tensors, "ffn_down") ? "dense" : "none";
    }

    private static boolean anyStartsWith(List<TensorEntry> tensors, String prefix) {
        return tensors.stream().anyMatch(tensor -> tensor.name().startsWith(prefix));
    }

    private static List<String> typesOf(List<TensorEntry> tensors) {
        return TypeShare.of(tensors).stream().map(TypeShare::type).toList();
    }
}
