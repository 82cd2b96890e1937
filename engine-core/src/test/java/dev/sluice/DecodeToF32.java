package dev.sluice;

import dev.sluice.cpu.format.Format;
import dev.sluice.cpu.format.Formats;
import dev.sluice.gguf.Gguf;
import dev.sluice.gguf.GgufWriter;
import dev.sluice.gguf.Tensor;
import dev.sluice.gguf.TensorType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes a model again with every tensor decoded to F32, so that a reference that knows only F32 computes with exactly the
 * weights that a quantized file stands for. Usage: {@code DecodeToF32 IN.gguf OUT.gguf}
 */
public final class DecodeToF32 {
    private DecodeToF32() {}

    public static void main(String[] args) throws IOException {
        try (Gguf in = Gguf.open(Path.of(args[0]))) {
            GgufWriter out = new GgufWriter();
            for (String key : in.metadata().keys()) {
                put(out, key, in.metadata().find(key).orElseThrow());
            }
            for (Tensor tensor : in.tensors()) {
                out.add(tensor.name(), TensorType.F32, tensor.shape(), stream -> {
                    Format format = Formats.of(tensor.type());
                    int row = Math.toIntExact(tensor.ne(0));
                    long rowBytes = tensor.type().bytes(row);
                    float[] values = new float[row];
                    ByteBuffer bytes = ByteBuffer.allocate(4 * row).order(ByteOrder.LITTLE_ENDIAN);
                    for (long r = 0; r < tensor.elements() / row; r++) {
                        format.decodeRow(tensor.data(), r * rowBytes, values, 0, row);
                        bytes.clear().asFloatBuffer().put(values);
                        stream.write(bytes.array());
                    }
                });
            }
            out.write(Path.of(args[1]));
        }
    }

    @SuppressWarnings("unchecked")
    private static void put(GgufWriter out, String key, Object value) {
        switch (value) {
            case Long number -> out.putU32(key, number);
            case Float number -> out.putF32(key, number);
            case Boolean flag -> out.putBool(key, flag);
            case String text -> out.putString(key, text);
            case int[] numbers -> out.putInts(key, numbers);
            case float[] numbers -> out.putFloats(key, numbers);
            case boolean[] flags -> out.putBools(key, flags);
            case List<?> texts -> out.putStrings(key, (List<String>) texts);
            default -> throw new IllegalArgumentException(key + ": " + value.getClass());
        }
    }
}
