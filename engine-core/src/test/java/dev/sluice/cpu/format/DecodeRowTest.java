package dev.sluice.cpu.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.gguf.TensorType;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DecodeRowTest {

    /** One line of the golden file: a block and the values ggml makes of it. */
    record Golden(TensorType type, byte[] block, float[] values) {}

    static List<Golden> golden() throws IOException {
        try (InputStream in = DecodeRowTest.class.getResourceAsStream("blocks.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(DecodeRowTest::parse)
                    .toList();
        }
    }

    private static Golden parse(String line) {
        String[] parts = line.split(" ");
        byte[] bits = HexFormat.of().parseHex(parts[2]);
        float[] values = new float[bits.length / 4];
        ByteBuffer.wrap(bits).asFloatBuffer().get(values);
        return new Golden(TensorType.valueOf(parts[0]), HexFormat.of().parseHex(parts[1]), values);
    }

    static List<LaneFormat> formats() {
        return Formats.all();
    }

    @Test
    void goldenBlocksHaveTheBitsOfGgml() throws IOException {
        List<Golden> all = golden();
        for (Golden golden : all) {
            float[] y = new float[golden.values().length];
            Formats.of(golden.type()).decodeRow(MemorySegment.ofArray(golden.block()), 0, y, 0, y.length);
            assertSameBits(
                    y, golden.values(), golden.type() + " " + HexFormat.of().formatHex(golden.block()));
        }
        assertThat(all.stream().map(Golden::type).distinct())
                .containsExactlyElementsOf(Formats.all().stream()
                        .map(Format::type)
                        .filter(type -> type.blockLength() > 1)
                        .toList());
    }

    @Test
    void decodesEveryHalf() {
        for (int x = 0; x < 1 << 16; x++) {
            MemorySegment half = MemorySegment.ofArray(new byte[] {(byte) x, (byte) (x >> 8)});
            float[] y = new float[2];
            Formats.of(TensorType.F16).decodeRow(half, 0, y, 0, 1);
            Formats.of(TensorType.BF16).decodeRow(half, 0, y, 1, 1);
            assertSameBits(
                    y, new float[] {Float.float16ToFloat((short) x), Float.intBitsToFloat(x << 16)}, "half " + x);
        }
    }

    @Test
    void decodesF32AsItStands() {
        int[] bits = {0, 1, 0x80000000, 0x3f800000, 0xc2f6e979, 0x007fffff, 0x7f7fffff, 0x7f800000, 0x7fc00000};
        ByteBuffer bytes = ByteBuffer.allocate(1 + 4 * bits.length);
        for (int i = 0; i < bits.length; i++) {
            bytes.putInt(1 + 4 * i, Integer.reverseBytes(bits[i]));
        }
        float[] y = new float[bits.length];
        Formats.of(TensorType.F32).decodeRow(MemorySegment.ofBuffer(bytes), 1, y, 0, y.length);
        for (int i = 0; i < bits.length; i++) {
            assertThat(Float.floatToRawIntBits(y[i])).isEqualTo(bits[i]);
        }
    }

    /** Five blocks from an odd address give what each gives alone, and nothing around them is touched. */
    @ParameterizedTest
    @MethodSource("formats")
    void decodesFromTheMiddleOfUnalignedMemory(Format format) {
        TensorType type = format.type();
        long seed = 7;
        System.out.println(type + ": seed " + seed);
        Random random = new Random(seed);
        int blocks = 5;
        int offset = 3 + 2 * type.blockBytes();
        byte[] bytes = new byte[offset + blocks * type.blockBytes() + 5];
        random.nextBytes(bytes);
        float[] y = new float[2 + blocks * type.blockLength() + 3];
        Arrays.fill(y, 42);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = arena.allocate(bytes.length, 64).copyFrom(MemorySegment.ofArray(bytes));
            format.decodeRow(data.asReadOnly(), offset, y, 2, blocks * type.blockLength());
        }
        float[] expected = new float[y.length];
        Arrays.fill(expected, 42);
        for (int b = 0; b < blocks; b++) {
            int from = offset + b * type.blockBytes();
            byte[] block = Arrays.copyOfRange(bytes, from, from + type.blockBytes());
            format.decodeRow(MemorySegment.ofArray(block), 0, expected, 2 + b * type.blockLength(), type.blockLength());
        }
        assertSameBits(y, expected, type.name());
    }

    @ParameterizedTest
    @MethodSource("formats")
    void refusesWhatDoesNotFit(Format format) {
        int length = format.type().blockLength();
        int bytes = format.type().blockBytes();
        MemorySegment two = MemorySegment.ofArray(new byte[2 * bytes]);
        float[] out = new float[3 * length];
        format.decodeRow(two, 2L * bytes, out, 0, 0);
        assertThatIllegalArgumentException().isThrownBy(() -> format.decodeRow(two, 0, out, 0, -length));
        if (length > 1) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> format.decodeRow(two, 0, out, 0, length + 1))
                    .withMessageContainingAll(
                            String.valueOf(length + 1), format.type().name());
        }
        assertOutOfBounds(() -> format.decodeRow(two, 0, out, 0, 3 * length));
        assertOutOfBounds(() -> format.decodeRow(two, -1, out, 0, length));
        assertOutOfBounds(() -> format.decodeRow(two, Long.MAX_VALUE, out, 0, length));
        assertOutOfBounds(() -> format.decodeRow(two, 0, out, 3 * length - 1, 2 * length));
    }

    private static void assertOutOfBounds(Runnable call) {
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(call::run);
    }

    /** Equal bits, so that zeros have signs; any NaN equals any other. */
    private static void assertSameBits(float[] found, float[] expected, String what) {
        int mismatch = Arrays.mismatch(found, expected);
        assertThat(mismatch)
                .as(() ->
                        "%s, value %d: %s, expected %s".formatted(what, mismatch, found[mismatch], expected[mismatch]))
                .isEqualTo(-1);
    }
}
