package dev.sluice;

import dev.sluice.gguf.GgufWriter;
import dev.sluice.gguf.TensorType;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Models of the family with random weights, of any shape. {@link SyntheticWeights} says how a weight comes
 * from the seed, the index of its tensor in the file and its own index, so that any language can make the same model.
 *
 * <p>Matrices have deviation 1 / sqrt(ne[0]); see {@link #tensors()} for the others. There is no tokenizer: keys for one
 * can be put into the {@link #writer()}.
 */
public final class SyntheticModel {
    /** Turns one row into the bytes of its blocks. */
    @FunctionalInterface
    public interface Encoder {
        byte[] encode(TensorType type, float[] row);
    }

    /** A tensor to be written. */
    private record Plan(String name, TensorType type, long[] shape, SyntheticWeights weights) {}

    /** What a matrix with shorter rows than a block of the type asked for is written as. */
    private static final TensorType FALLBACK = TensorType.F32;

    private static final Set<String> ARCHITECTURES = Set.of("qwen35", "qwen35moe", "qwen3next");

    /** The entries of each shape; {@code experts} to {@code sff} only in those of sparse models. */
    private static final List<String> ENTRIES = List.of(
            "n_embd", "n_layer", "n_head", "n_kv", "head", "rot", "lk", "lv", "ld", "ff", "vocab", "ctx", "experts",
            "used", "eff", "sff");

    private static final Map<String, int[]> SHAPES = Map.ofEntries(
            Map.entry("tiny", new int[] {128, 4, 4, 2, 32, 8, 2, 4, 32, 256, 320, 4096}),
            Map.entry("r1", new int[] {128, 4, 4, 2, 32, 8, 4, 4, 32, 256, 320, 4096}),
            Map.entry("r2", new int[] {128, 4, 4, 2, 32, 8, 2, 4, 32, 256, 320, 4096}),
            Map.entry("r3", new int[] {128, 4, 4, 2, 32, 8, 2, 6, 32, 256, 320, 4096}),
            Map.entry("r4", new int[] {128, 4, 4, 2, 32, 8, 2, 8, 32, 256, 320, 4096}),
            Map.entry("moe-tiny", new int[] {128, 4, 4, 2, 32, 8, 2, 4, 32, 256, 320, 4096, 8, 2, 64, 64}),
            Map.entry("k256", new int[] {512, 4, 4, 2, 64, 16, 4, 8, 64, 1024, 320, 4096}),
            Map.entry("0.8b", new int[] {1024, 24, 8, 2, 256, 64, 16, 16, 128, 3584, 248320, 262144}),
            Map.entry("4b-slice", new int[] {2560, 4, 16, 4, 256, 64, 16, 32, 128, 9216, 4096, 262144}),
            Map.entry("9b-slice", new int[] {4096, 4, 16, 4, 256, 64, 16, 32, 128, 12288, 4096, 262144}),
            Map.entry(
                    "35b-slice", new int[] {2048, 4, 16, 2, 256, 64, 16, 32, 128, 512, 4096, 262144, 256, 8, 512, 512}),
            Map.entry(
                    "next-slice",
                    new int[] {2048, 4, 16, 2, 256, 64, 16, 32, 128, 5120, 4096, 262144, 512, 10, 512, 512}));

    private final String architecture;
    private final Map<String, Integer> entries = new LinkedHashMap<>();
    private int[] sections;
    private TensorType type = TensorType.F32;
    private long seed = 1;
    private boolean untied;
    private boolean mtp;
    private final Map<String, String> ropeKeys = new LinkedHashMap<>();
    private Encoder encoder = SyntheticWeights::encode;

    private SyntheticModel(String architecture) {
        this.architecture = architecture;
    }

    /** A model of {@code qwen35}, {@code qwen35moe} or {@code qwen3next}; tiny, all F32, of seed 1. */
    public static SyntheticModel of(String architecture) {
        if (!ARCHITECTURES.contains(architecture)) {
            throw new IllegalArgumentException("architecture " + architecture + ", expected one of " + ARCHITECTURES);
        }
        return new SyntheticModel(architecture).shape(architecture.equals("qwen35") ? "tiny" : "moe-tiny");
    }

    /**
     * Takes every entry from the table: tiny, r1 to r4 (value heads per key head; r2 is tiny), moe-tiny, k256 (rows fit
     * blocks of 256), 0.8b (as released), and four layers of larger ones with a small vocabulary: 4b-slice, 9b-slice,
     * 35b-slice, next-slice.
     */
    public SyntheticModel shape(String name) {
        int[] values = SHAPES.get(name);
        if (values == null) {
            throw new IllegalArgumentException("shape " + name + ", expected one of " + SHAPES.keySet());
        }
        entries.clear();
        for (int i = 0; i < values.length; i++) {
            entries.put(ENTRIES.get(i), values[i]);
        }
        return this;
    }

    /**
     * Changes one entry: n_embd, n_layer (without MTP), n_head, n_kv, head (length of an attention head), rot (rotated
     * part of it), lk and lv (key and value heads of a recurrent layer), ld (their length), ff, vocab, ctx; experts, used
     * (for a token), eff and sff (feed-forward length of an expert and of the shared one).
     */
    public SyntheticModel set(String entry, int value) {
        if (!ENTRIES.contains(entry)) {
            throw new IllegalArgumentException("entry " + entry + ", expected one of " + ENTRIES);
        }
        entries.put(entry, value);
        return this;
    }

    /** The value of an entry; see {@link #set}. */
    public int get(String entry) {
        Integer value = entries.get(entry);
        if (value == null) {
            throw new IllegalArgumentException("entry " + entry + " is not set, expected one of " + entries.keySet());
        }
        return value;
    }

    /** The four numbers of rotated pairs that belong to time, height, width, and nothing; by default they fit. */
    public SyntheticModel sections(int... sections) {
        this.sections = sections.clone();
        return this;
    }

    /** The type of matrices: F32, F16, BF16, Q8_0, or others with an encoder. F32 where the rows do not fit its blocks. */
    public SyntheticModel type(TensorType type) {
        this.type = type;
        return this;
    }

    /** As {@link #type(TensorType)}, for any type; the encoder is not asked for F32. */
    public SyntheticModel type(TensorType type, Encoder encoder) {
        this.encoder = encoder;
        return type(type);
    }

    public SyntheticModel seed(long seed) {
        this.seed = seed;
        return this;
    }

    /** Gives the model an {@code output.weight} of its own. */
    public SyntheticModel untied() {
        this.untied = true;
        return this;
    }

    /** Adds a block that predicts one token further. */
    public SyntheticModel mtp() {
        this.mtp = true;
        return this;
    }

    /** Sets a key {@code rope.*} that is not written otherwise: a string, or a number (f32; u32 for a context length). */
    public SyntheticModel rope(String key, String value) {
        ropeKeys.put(key, value);
        return this;
    }

    /** Name and shape of every tensor, in the order of the file. */
    public Map<String, long[]> tensors() {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        plan().forEach(p -> shapes.put(p.name, p.shape));
        return shapes;
    }

    /** The weights of a tensor before they are encoded, as they lie in the file. */
    public float[] weights(String tensor) {
        List<Plan> plan = plan();
        for (int t = 0; t < plan.size(); t++) {
            Plan p = plan.get(t);
            if (p.name.equals(tensor)) {
                float[] weights = new float[Math.toIntExact(elements(p.shape))];
                p.weights.fill(weights, seed, t, 0);
                return weights;
            }
        }
        throw new IllegalArgumentException("no tensor " + tensor);
    }

    /** Writes the file and returns where. */
    public Path writeTo(Path path) throws IOException {
        writer().write(path);
        return path;
    }

    /** The whole model, ready to be written; keys and tensors can still be added. */
    public GgufWriter writer() {
        GgufWriter out = new GgufWriter();
        putKeys(out);
        List<Plan> plan = plan();
        for (int i = 0; i < plan.size(); i++) {
            int index = i;
            Plan p = plan.get(i);
            out.add(p.name, p.type, p.shape, stream -> writeRows(p, index, stream));
        }
        return out;
    }

    private void putKeys(GgufWriter out) {
        String prefix = architecture + ".";
        out.putString("general.architecture", architecture)
                .putString("general.name", "synthetic-" + architecture)
                .alignment(32)
                .putU32(prefix + "block_count", get("n_layer") + (mtp ? 1 : 0))
                .putU32(prefix + "context_length", get("ctx"))
                .putU32(prefix + "embedding_length", get("n_embd"))
                .putU32(prefix + "feed_forward_length", get("ff"))
                .putU32(prefix + "attention.head_count", get("n_head"))
                .putU32(prefix + "attention.head_count_kv", get("n_kv"))
                .putU32(prefix + "attention.key_length", get("head"))
                .putU32(prefix + "attention.value_length", get("head"))
                .putF32(prefix + "attention.layer_norm_rms_epsilon", 1e-6f)
                .putF32(prefix + "rope.freq_base", 1e7f)
                .putU32(prefix + "rope.dimension_count", get("rot"));
        if (!architecture.equals("qwen3next")) {
            out.putInts(prefix + "rope.dimension_sections", sections != null ? sections : sectionsOf(get("rot")));
        }
        ropeKeys.forEach((key, value) -> {
            switch (key) {
                case "scaling.type" -> out.putString(prefix + "rope." + key, value);
                case "scaling.original_context_length" -> out.putU32(prefix + "rope." + key, Long.parseLong(value));
                default -> out.putF32(prefix + "rope." + key, Float.parseFloat(value));
            }
        });
        out.putU32(prefix + "ssm.conv_kernel", 4)
                .putU32(prefix + "ssm.state_size", get("ld"))
                .putU32(prefix + "ssm.group_count", get("lk"))
                .putU32(prefix + "ssm.time_step_rank", get("lv"))
                .putU32(prefix + "ssm.inner_size", (long) get("lv") * get("ld"))
                .putU32(prefix + "full_attention_interval", 4);
        if (isSparse()) {
            out.putU32(prefix + "expert_count", get("experts"))
                    .putU32(prefix + "expert_used_count", get("used"))
                    .putU32(prefix + "expert_feed_forward_length", get("eff"))
                    .putU32(prefix + "expert_shared_feed_forward_length", get("sff"));
        }
        if (mtp) {
            out.putU32(prefix + "nextn_predict_layers", 1);
        }
        out.putString("tokenizer.ggml.model", "none").putU32(prefix + "vocab_size", get("vocab"));
    }

    private static int[] sectionsOf(int rotated) {
        return switch (rotated) {
            case 8 -> new int[] {2, 1, 1, 0};
            case 16 -> new int[] {3, 3, 2, 0};
            default -> new int[] {11, 11, 10, 0};
        };
    }

    private boolean isSparse() {
        return entries.containsKey("experts");
    }

    private List<Plan> plan() {
        if (!architecture.equals("qwen3next") && isSparse() != architecture.equals("qwen35moe")) {
            throw new IllegalArgumentException(architecture + (isSparse() ? " has no experts" : " needs experts"));
        }
        List<Plan> plan = new ArrayList<>();
        int embd = get("n_embd");
        int layers = get("n_layer");
        matrix(plan, "token_embd.weight", embd, get("vocab"));
        norm(plan, "output_norm.weight", embd);
        if (untied) {
            matrix(plan, "output.weight", embd, get("vocab"));
        }
        for (int i = 0; i < layers + (mtp ? 1 : 0); i++) {
            String block = "blk." + i + ".";
            norm(plan, block + "attn_norm.weight", embd);
            norm(plan, block + "post_attention_norm.weight", embd);
            if (i == layers) {
                matrix(plan, block + "nextn.eh_proj.weight", 2L * embd, embd);
                norm(plan, block + "nextn.enorm.weight", embd);
                norm(plan, block + "nextn.hnorm.weight", embd);
                norm(plan, block + "nextn.shared_head_norm.weight", embd);
            }
            if (i < layers && (i + 1) % 4 != 0) {
                planRecurrent(plan, block);
            } else {
                planAttention(plan, block);
            }
            planFeedForward(plan, block);
        }
        return plan;
    }

    private void planRecurrent(List<Plan> plan, String block) {
        int embd = get("n_embd");
        int valueHeads = get("lv");
        long keys = (long) get("lk") * get("ld");
        long values = (long) valueHeads * get("ld");
        matrix(plan, block + "attn_qkv.weight", embd, 2 * keys + values);
        matrix(plan, block + "attn_gate.weight", embd, values);
        f32(plan, block + "ssm_conv1d.weight", SyntheticWeights.normal(0, 0.5), 4, 2 * keys + values);
        f32(plan, block + "ssm_dt.bias", SyntheticWeights.normal(0, 1), valueHeads);
        f32(plan, block + "ssm_a", SyntheticWeights.decays(), valueHeads);
        if (architecture.equals("qwen3next")) {
            matrix(plan, block + "ssm_ba.weight", embd, 2L * valueHeads);
        } else {
            matrix(plan, block + "ssm_beta.weight", embd, valueHeads);
            matrix(plan, block + "ssm_alpha.weight", embd, valueHeads);
        }
        norm(plan, block + "ssm_norm.weight", get("ld"));
        matrix(plan, block + "ssm_out.weight", values, embd);
    }

    private void planAttention(List<Plan> plan, String block) {
        int embd = get("n_embd");
        int head = get("head");
        long queries = (long) get("n_head") * head;
        long keys = (long) get("n_kv") * head;
        matrix(plan, block + "attn_q.weight", embd, 2 * queries);
        matrix(plan, block + "attn_k.weight", embd, keys);
        matrix(plan, block + "attn_v.weight", embd, keys);
        matrix(plan, block + "attn_output.weight", queries, embd);
        norm(plan, block + "attn_q_norm.weight", head);
        norm(plan, block + "attn_k_norm.weight", head);
    }

    private void planFeedForward(List<Plan> plan, String block) {
        int embd = get("n_embd");
        if (!isSparse()) {
            matrix(plan, block + "ffn_gate.weight", embd, get("ff"));
            matrix(plan, block + "ffn_up.weight", embd, get("ff"));
            matrix(plan, block + "ffn_down.weight", get("ff"), embd);
            return;
        }
        int experts = get("experts");
        f32(plan, block + "ffn_gate_inp.weight", SyntheticWeights.ofFanIn(embd), embd, experts);
        matrix(plan, block + "ffn_gate_exps.weight", embd, get("eff"), experts);
        matrix(plan, block + "ffn_up_exps.weight", embd, get("eff"), experts);
        matrix(plan, block + "ffn_down_exps.weight", get("eff"), embd, experts);
        f32(plan, block + "ffn_gate_inp_shexp.weight", SyntheticWeights.ofFanIn(embd), embd);
        matrix(plan, block + "ffn_gate_shexp.weight", embd, get("sff"));
        matrix(plan, block + "ffn_up_shexp.weight", embd, get("sff"));
        matrix(plan, block + "ffn_down_shexp.weight", get("sff"), embd);
    }

    private void matrix(List<Plan> plan, String name, long... shape) {
        TensorType fitting = shape[0] % type.blockLength() == 0 ? type : FALLBACK;
        plan.add(new Plan(name, fitting, shape, SyntheticWeights.ofFanIn(shape[0])));
    }

    private static void norm(List<Plan> plan, String name, long length) {
        f32(plan, name, SyntheticWeights.normal(1, 0.1), length);
    }

    private static void f32(List<Plan> plan, String name, SyntheticWeights weights, long... shape) {
        plan.add(new Plan(name, TensorType.F32, shape, weights));
    }

    private static long elements(long[] shape) {
        return Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }

    private void writeRows(Plan plan, int tensor, OutputStream out) throws IOException {
        float[] row = new float[Math.toIntExact(plan.shape[0])];
        long elements = elements(plan.shape);
        for (long from = 0; from < elements; from += row.length) {
            plan.weights.fill(row, seed, tensor, from);
            out.write(
                    plan.type == TensorType.F32
                            ? SyntheticWeights.encode(plan.type, row)
                            : encoder.encode(plan.type, row));
        }
    }

    /** Usage: {@code SyntheticModel ARCH SHAPE OUT} and the options below. */
    public static void main(String[] args) throws IOException {
        if (args.length < 3) {
            throw new IllegalArgumentException(
                    "usage: SyntheticModel ARCH SHAPE OUT [--type T] [--seed N] [--untied] [--mtp] [--set ENTRY=VALUE]..."
                            + " [--rope KEY=VALUE]...");
        }
        of(args[0])
                .shape(args[1])
                .options(Arrays.copyOfRange(args, 3, args.length))
                .writeTo(Path.of(args[2]));
    }

    /** Takes the options of the command line. */
    SyntheticModel options(String... args) {
        SyntheticModel model = this;
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--untied" -> model.untied();
                case "--mtp" -> model.mtp();
                case "--type" -> model.type(TensorType.valueOf(args[++i]));
                case "--seed" -> model.seed(Long.parseLong(args[++i]));
                case "--set" -> {
                    String[] entry = args[++i].split("=", 2);
                    model.set(entry[0], Integer.parseInt(entry[1]));
                }
                case "--rope" -> {
                    String[] entry = args[++i].split("=", 2);
                    model.rope(entry[0], entry[1]);
                }
                default -> throw new IllegalArgumentException("unknown option " + args[i]);
            }
        }
        return model;
    }
}
