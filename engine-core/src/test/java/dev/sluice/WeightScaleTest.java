package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gguf.GgufWriter;
import dev.sluice.gguf.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The factors that NVFP4 files carry beside a weight: one for a matrix, one an expert for a stack. */
class WeightScaleTest {
    @Test
    void factorsMultiplyTheProduct() {
        SyntheticModel model = SyntheticModel.of("qwen35moe");
        float[][] plain = logits(model.writer());
        GgufWriter scaled = model.writer();
        // Powers of two whose product is one: what remains is the order in which the JVM adds the lanes of a vector.
        float[] up = {2, 4, 0.5f, 1, 8, 2, 0.25f, 16};
        float[] down = new float[up.length];
        for (int i = 0; i < up.length; i++) {
            down[i] = 1 / up[i];
        }
        scaled.add("blk.0.ffn_up_exps.scale", new long[] {up.length}, up);
        scaled.add("blk.0.ffn_down_exps.scale", new long[] {up.length}, down);
        scaled.add("blk.1.ffn_up_shexp.scale", new long[] {1}, 4);
        scaled.add("blk.1.ffn_down_shexp.scale", new long[] {1}, 0.25f);
        scaled.add("blk.1.ffn_up_shexp.input_scale", new long[] {1}, 3);
        assertThat(error(plain, logits(scaled))).isLessThanOrEqualTo(1e-10);
        scaled = model.writer();
        scaled.add("blk.0.ffn_up_exps.scale", new long[] {up.length}, up);
        assertThat(error(plain, logits(scaled))).as("one of the two alone").isGreaterThan(1e-6);
    }

    private static float[][] logits(GgufWriter writer) {
        return TestModels.logits(MemorySegment.ofArray(writer.toBytes()), 20, TensorType.F32);
    }

    private static double error(float[][] expected, float[][] actual) {
        return TestModels.nmse(TestModels.concat(Arrays.asList(expected)), TestModels.concat(Arrays.asList(actual)));
    }
}
