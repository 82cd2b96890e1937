package dev.sluice.cpu.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gguf.TensorType;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The self-test vectors of the architecture specification, appendix A.1: all values are exact in F32. */
class SelfTestVectorsTest {

    /** Selected values, then their sum, the sum of magnitudes and the sum weighted by position. */
    @ParameterizedTest
    @CsvSource(textBlock = """
            Q4_0, 0=-2.5 1=-2.5 15=-3.5 16=-1.5 31=3, -1.5, 66.5, 32
            Q4_1, 0=0.75 1=6.75 15=1.75 16=6.25 31=7.75, 142.5, 142.5, 2426.5
            Q5_0, 0=3.5 1=7.5 15=6.5 16=3 31=-6.5, -21.5, 150.5, -561
            Q5_1, 0=10.75 1=4.75 15=7.75 16=10.25 31=13.75, 274.5, 274.5, 4829.5
            Q8_0, 0=41.5 1=-62.5 15=-15.5 16=-14.5 31=-55.5, 80, 943, 592
            Q2_K, 0=6.25 31=0.75 32=3.25 77=-2.5 128=1.5 200=11 255=10.5, 1299.5, 1498.5, 182696.5
            Q3_K, 0=-1.5 31=-22.5 32=-9.5 77=0 128=7.5 200=0 255=6, -749, 3601, -55164.5
            Q4_K, 0=5.25 1=-0.75 31=2.25 32=88.75 77=90.75 128=364 200=73 255=208, 26144, 26461.5, 4174128
            Q5_K, 0=13.25 1=7.25 31=10.25 32=49.75 77=402.75 128=364 200=73 255=593, 55616, 55637.5, 8946400
            Q6_K, 0=52.5 1=262.5 31=1299.5 32=275.5 77=-381 128=-7.5 200=420 255=-248.5, 28404, 120004, 2414916
            IQ4_NL, 0=-32.5 1=-32.5 15=-52 16=-17.5 31=44.5, 7, 935, 826
            IQ4_XS, 0=-297.5 1=110.5 31=323 32=350 77=-103.5 128=-402.5 200=-586.5 255=-294, 3373, 115903, 659380.5
            MXFP4, 0=1 1=3 15=-6 16=3 31=-8, 3, 159, -93
            NVFP4, 0=0.5 1=-3 8=-2 16=-1 33=-0.005859375 63=1792, -27.98046875, 21639.08984375, 14855.8984375
            """)
    void decodesTheBlockOfTheSpecification(
            TensorType type, String selected, double sum, double magnitude, double weighted) {
        float[] y = new float[type.blockLength()];
        Formats.of(type).decodeRow(MemorySegment.ofArray(block(type)), 0, y, 0, y.length);
        for (String pair : selected.split(" ")) {
            String[] parts = pair.split("=");
            assertThat(y[Integer.parseInt(parts[0])]).as(pair).isEqualTo(Float.parseFloat(parts[1]));
        }
        double s = 0;
        double a = 0;
        double w = 0;
        for (int i = 0; i < y.length; i++) {
            s += y[i];
            a += Math.abs(y[i]);
            w += (i + 1) * (double) y[i];
        }
        assertThat(s).isEqualTo(sum);
        assertThat(a).isEqualTo(magnitude);
        assertThat(w).isEqualTo(weighted);
    }

    private static byte[] block(TensorType type) {
        byte[] b = new byte[type.blockBytes()];
        for (int i = 0; i < b.length; i++) {
            b[i] = (byte) (i * i * 7 + i * 13 + 29);
        }
        switch (type) {
            case MXFP4 -> b[0] = (byte) 128;
            case NVFP4 -> {
                b[0] = 0x38;
                b[1] = 0x40;
                b[2] = 0x01;
                b[3] = 0x7e;
            }
            case Q4_1, Q5_1, Q4_K, Q5_K -> putScales(b, 0, 2);
            case Q2_K -> putScales(b, 80, 82);
            case Q3_K -> putScales(b, 108, -1);
            case Q6_K -> putScales(b, 208, -1);
            default -> putScales(b, 0, -1);
        }
        return b;
    }

    /** One half at {@code d}, a quarter at {@code m} where there is one. */
    private static void putScales(byte[] b, int d, int m) {
        b[d] = 0;
        b[d + 1] = 0x38;
        if (m >= 0) {
            b[m] = 0;
            b[m + 1] = 0x34;
        }
    }
}
