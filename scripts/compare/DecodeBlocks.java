import dev.sluice.cpu.format.Format;
import dev.sluice.cpu.format.Formats;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** Decodes every {@code <type>.blocks} of a directory to {@code <type>.floats} (little-endian); run by formats.py. */
final class DecodeBlocks {

    public static void main(String[] args) throws IOException {
        Path directory = Path.of(args[0]);
        for (Format format : Formats.all()) {
            byte[] blocks = Files.readAllBytes(directory.resolve(format.type() + ".blocks"));
            float[] values = new float[blocks.length / format.type().blockBytes() * format.type().blockLength()];
            format.decodeRow(MemorySegment.ofArray(blocks), 0, values, 0, values.length);
            ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asFloatBuffer().put(values);
            Files.write(directory.resolve(format.type() + ".floats"), bytes.array());
        }
    }
}
