package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A warm step allocates nothing on the heap, on no thread. */
class AllocationTest {
    private static final int STEPS = 20;

    @ParameterizedTest
    @ValueSource(strings = {"qwen35", "qwen35moe", "qwen3next"})
    void ofWarmSteps(String architecture) {
        MemorySegment file =
                MemorySegment.ofArray(SyntheticModel.of(architecture).writer().toBytes());
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (Model model = Model.load(file, LoadOptions.defaults().withThreads(2));
                Session session = model.newSession(SessionOptions.ofContext(256))) {
            float[] logits = new float[model.vocabularySize()];
            int[] one = {7};
            int[] several = {1, 2, 3, 4, 5};
            long least = Long.MAX_VALUE;
            // The interpreter and the compilers allocate as they please; what counts is where it ends.
            for (int round = 0; round < 600 && least > 0; round++) {
                session.reset();
                session.forward(several, logits);
                long before = threads.getTotalThreadAllocatedBytes();
                for (int i = 0; i < STEPS; i++) {
                    session.forward(one, logits);
                    session.forward(several, logits);
                }
                least = Math.min(least, threads.getTotalThreadAllocatedBytes() - before);
            }
            assertThat(least).as("bytes in %d steps", 2 * STEPS).isZero();
        }
    }
}
