package dev.sluice.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cpu.format.Formats;
import dev.sluice.cpu.format.LaneFormat;
import dev.sluice.op.WeightView;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Products against the order of addition they promise, bit for bit: packed or not, one row or many, every type. */
class ProductsTest {
    /** Bits of random bytes: no exponent becomes large. */
    private static final int FINITE = 0xbf;

    private static final int ROWS = 75;

    static List<LaneFormat> formats() {
        return Formats.all();
    }

    @ParameterizedTest
    @MethodSource("formats")
    void addInOneOrder(LaneFormat format) {
        for (int columns : new int[] {
            256,
            768,
            format.type().blockLength() == 1 ? 301 : 512 + format.type().blockLength()
        }) {
            MemorySegment data = randomBytes(format.type().bytes(columns) * ROWS);
            for (int rows : new int[] {1, 2, 4, 7, 13, 29}) {
                float[] x = randomRows(rows * columns);
                float[] expected = expected(format, data, columns, x, rows);
                assertThat(product(format, data, columns, x, rows, 0))
                        .as("%d rows, mapped", rows)
                        .isEqualTo(expected);
                assertThat(product(format, data, columns, x, rows, 1 << 30))
                        .as("%d rows, packed", rows)
                        .isEqualTo(expected);
            }
        }
    }

    private static float[] product(LaneFormat format, MemorySegment data, int columns, float[] x, int rows, long room) {
        try (Workers workers = new Workers(3)) {
            Products products = new Products(workers, rows, new Floats(false));
            long rowBytes = format.type().bytes(columns);
            CpuWeight weight = new CpuWeight(
                    "w",
                    format,
                    data,
                    WeightView.Rows.range(0, ROWS),
                    columns,
                    1,
                    rowBytes,
                    ROWS * rowBytes,
                    new float[] {0.5f});
            CpuBuf out = new CpuBuf(new float[rows * ROWS], 0, ROWS, ROWS);
            new Packing(room, false, bytes -> {}).prepare(workers, weight);
            products.product(RowSource.of(new CpuBuf(x, 0, columns, columns)), new CpuWeight[] {weight}, new CpuBuf[] {
                        out
                    })
                    .run(rows);
            return out.data();
        }
    }

    /** Four chains of fused multiply-adds for each 256 columns, added in order, then the factor of the tensor. */
    private static float[] expected(LaneFormat format, MemorySegment data, int columns, float[] x, int rows) {
        float[] out = new float[rows * ROWS];
        float[] w = new float[columns];
        for (int r = 0; r < ROWS; r++) {
            format.decodeRow(data, r * format.type().bytes(columns), w, 0, columns);
            for (int i = 0; i < rows; i++) {
                float sum = 0;
                for (int from = 0; from < columns; from += 256) {
                    float[] chains = new float[4];
                    for (int k = from; k < Math.min(columns, from + 256); k++) {
                        chains[k % 4] = Math.fma(w[k], x[i * columns + k], chains[k % 4]);
                    }
                    sum = sum + chains[0] + chains[1] + chains[2] + chains[3];
                }
                out[i * ROWS + r] = sum * 0.5f;
            }
        }
        return out;
    }

    private static MemorySegment randomBytes(long count) {
        byte[] bytes = new byte[Math.toIntExact(count)];
        new Random(17).nextBytes(bytes);
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] &= (byte) FINITE;
        }
        MemorySegment data = Arena.ofAuto().allocate(count);
        data.copyFrom(MemorySegment.ofArray(bytes));
        return data;
    }

    private static float[] randomRows(int count) {
        Random random = new Random(23);
        float[] x = new float[count];
        for (int i = 0; i < count; i++) {
            x[i] = (float) random.nextGaussian();
        }
        return x;
    }
}
