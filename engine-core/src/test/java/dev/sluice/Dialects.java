package dev.sluice;

import dev.sluice.GgufRewrite.Part;
import dev.sluice.gguf.Gguf;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Layouts of other writers, made from synthetic models of four layers. Usage:
 * {@code Dialects ssm_in|ffn_gate_up_exps IN.gguf OUT.gguf}
 */
public final class Dialects {
    static final int LAYERS = 4;
    static final int RECURRENT_LAYERS = 3; // the first three

    private static final Map<String, Consumer<GgufRewrite>> BY_NAME =
            Map.of("ssm_in", Dialects::legacyInput, "ffn_gate_up_exps", Dialects::fusedGateUp);

    private Dialects() {}

    public static void main(String[] args) throws IOException {
        try (Gguf in = Gguf.open(Path.of(args[1]))) {
            GgufRewrite file = new GgufRewrite(in);
            BY_NAME.get(args[0]).accept(file);
            file.writer().write(Path.of(args[2]));
        }
    }

    /** Per key head: its query rows, its key rows, the value rows of its value heads, their gate rows. */
    static void legacyInput(GgufRewrite file) {
        int length = file.integer("ssm.state_size");
        int keyHeads = file.integer("ssm.group_count");
        eachBlock(RECURRENT_LAYERS, b -> {
            Part qkv = file.remove(b + "attn_qkv.weight");
            Part z = file.remove(b + "attn_gate.weight");
            long values = z.shape()[1] / keyHeads;
            ByteArrayOutputStream rows = new ByteArrayOutputStream();
            for (int g = 0; g < keyHeads; g++) {
                rows.writeBytes(qkv.rows(g * length, length));
                rows.writeBytes(qkv.rows((keyHeads + g) * length, length));
                rows.writeBytes(qkv.rows(2 * keyHeads * length + g * values, values));
                rows.writeBytes(z.rows(g * values, values));
            }
            file.put(b + "ssm_in.weight", qkv.type(), new long[] {qkv.shape()[0], qkv.shape()[1] + z.shape()[1]}, rows);
        });
    }

    /** qwen35moe whose writer left the value heads as the checkpoint has them, and split ssm_ba. */
    static void unorderedQwen35moe(GgufRewrite file) {
        eachBlock(RECURRENT_LAYERS, b -> {
            Part ba = file.remove(b + "ssm_ba.weight");
            int r = (int) ba.shape()[1] / 4;
            ByteArrayOutputStream beta = new ByteArrayOutputStream();
            ByteArrayOutputStream alpha = new ByteArrayOutputStream();
            for (int g = 0; g < 2; g++) {
                beta.writeBytes(ba.rows(2L * g * r, r));
                alpha.writeBytes(ba.rows(2L * g * r + r, r));
            }
            file.put(b + "ssm_beta.weight", ba.type(), new long[] {128, 2 * r}, beta);
            file.put(b + "ssm_alpha.weight", ba.type(), new long[] {128, 2 * r}, alpha);
        });
        for (String key : List.copyOf(file.keys.keySet())) {
            if (key.startsWith("qwen3next.")) {
                file.keys.put(key.replace("qwen3next.", "qwen35moe."), file.keys.remove(key));
            }
        }
        file.keys.put("general.architecture", "qwen35moe");
        file.keys.put("qwen35moe.ssm.v_head_reordered", false);
    }

    /** Per expert: its gate rows, its up rows. */
    static void fusedGateUp(GgufRewrite file) {
        eachBlock(LAYERS, b -> {
            Part gate = file.remove(b + "ffn_gate_exps.weight");
            Part up = file.remove(b + "ffn_up_exps.weight");
            long hidden = gate.shape()[1];
            ByteArrayOutputStream rows = new ByteArrayOutputStream();
            for (int e = 0; e < gate.shape()[2]; e++) {
                rows.writeBytes(gate.rows(e * hidden, hidden));
                rows.writeBytes(up.rows(e * hidden, hidden));
            }
            file.put(
                    b + "ffn_gate_up_exps.weight",
                    gate.type(),
                    new long[] {gate.shape()[0], 2 * hidden, gate.shape()[2]},
                    rows);
        });
    }

    static void withoutBiasSuffix(GgufRewrite file) {
        eachBlock(RECURRENT_LAYERS, b -> file.rename(b + "ssm_dt.bias", b + "ssm_dt"));
    }

    static void eachBlock(int count, Consumer<String> change) {
        for (int i = 0; i < count; i++) {
            change.accept("blk." + i + ".");
        }
    }
}
