package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.gguf.Tensor;
import dev.sluice.gguf.TensorType;
import dev.sluice.gguf.UnsupportedModelException;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** MTP blocks are checked; what is wrong with them does not keep the trunk from running. */
class NextnTest {
    private static final int WIDTH = 128;
    private static final int VOCABULARY = 320;

    /** A model with an MTP block, without the tensors whose name contains {@code without}. */
    private static GgufRewrite file(String architecture, String without) {
        GgufRewrite file = new GgufRewrite(SyntheticModel.of(architecture).mtp().writer());
        file.tensors.keySet().removeIf(name -> !without.isEmpty() && name.contains(without));
        return file;
    }

    private static Model load(GgufRewrite file) {
        return Model.load(MemorySegment.ofArray(file.toBytes()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen35", "qwen35moe", "qwen3next"})
    void soundBlock(String architecture) {
        try (Model model = load(file(architecture, ""))) {
            long bytes = model.file().tensors().stream()
                    .filter(t -> t.name().startsWith("blk.4."))
                    .mapToLong(Tensor::bytes)
                    .sum();
            assertThat(model.blockCount()).isEqualTo(4);
            assertThat(model.nextnPredictLayers()).isEqualTo(1);
            assertThat(model.nextnBytes()).isEqualTo(bytes).isPositive();
            assertThat(model.nextnProblem()).isEmpty();
        }
    }

    @Test
    void noBlock() {
        try (Model model = load(new GgufRewrite(SyntheticModel.of("qwen35").writer()))) {
            assertThat(model.nextnPredictLayers()).isZero();
            assertThat(model.nextnBytes()).isZero();
            assertThat(model.nextnProblem()).isEmpty();
        }
    }

    @Test
    void whatMayBeMissing() {
        try (Model model = load(file("qwen35", "nextn.shared_head_norm"))) {
            assertThat(model.nextnProblem()).isEmpty();
        }
        GgufRewrite own = file("qwen35", "");
        own.putFloats("blk.4.nextn.embed_tokens.weight", new long[] {WIDTH, VOCABULARY}, new float[WIDTH * VOCABULARY]);
        own.tensors.put("blk.4.nextn.shared_head_head.weight", own.tensor("blk.4.nextn.embed_tokens.weight"));
        try (Model model = load(own)) {
            assertThat(model.nextnProblem()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "blk.4.nextn.eh_proj.weight",
                "blk.4.nextn.enorm.weight",
                "blk.4.nextn.hnorm.weight",
                "blk.4.attn_norm.weight",
                "blk.4.attn_q.weight",
                "blk.4.ffn_down.weight"
            })
    void missingTensor(String name) {
        try (Model model = load(file("qwen35", name))) {
            assertThat(model.nextnProblem())
                    .hasValueSatisfying(p -> assertThat(p).contains(name, "missing"));
            assertThat(model.blockCount()).isEqualTo(4);
        }
    }

    @Test
    void noTensorAtAll() {
        try (Model model = load(file("qwen35", "blk.4."))) {
            assertThat(model.nextnBytes()).isZero();
            assertThat(model.nextnProblem())
                    .hasValueSatisfying(p -> assertThat(p).contains("eh_proj", "missing"));
        }
    }

    @Test
    void wrongShapeOrType() {
        String name = "blk.4.nextn.eh_proj.weight";
        GgufRewrite narrow = file("qwen35", "");
        narrow.putFloats(name, new long[] {WIDTH, WIDTH}, new float[WIDTH * WIDTH]);
        try (Model model = load(narrow)) {
            assertThat(model.nextnProblem())
                    .hasValueSatisfying(p -> assertThat(p).contains(name, "[128, 128]", "expected [256, 128]"));
        }
        GgufRewrite uncomputed = file("qwen35", "");
        ByteArrayOutputStream blocks = new ByteArrayOutputStream();
        blocks.writeBytes(new byte[(int) TensorType.IQ2_XXS.bytes(2 * WIDTH * WIDTH)]);
        uncomputed.put(name, TensorType.IQ2_XXS, new long[] {2 * WIDTH, WIDTH}, blocks);
        try (Model model = load(uncomputed)) {
            assertThat(model.nextnProblem())
                    .hasValueSatisfying(p -> assertThat(p).contains(name, "IQ2_XXS"));
        }
    }

    @Test
    void blockWithoutTrunk() {
        GgufRewrite alone = file("qwen35", "blk.0.");
        assertThatThrownBy(() -> load(alone))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContainingAll("only the MTP block", "main model");
    }
}
