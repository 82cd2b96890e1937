import dev.sluice.LoadOptions;
import dev.sluice.Model;
import dev.sluice.tokenizer.EncodeOptions;
import dev.sluice.tokenizer.Tokenizer;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Encodes the texts of standard input with a model's tokenizer, without NFC: each text is a flag (1: parse special
 * tokens), a length and so many bytes of UTF-8. For each text, standard output gets whether decoding gives the text back
 * (1 or 0), a count and so many ids. The flags are bytes, the rest big-endian ints.
 */
final class EncodeTexts {
    public static void main(String[] arguments) throws IOException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(System.in));
        try (Model model = Model.load(Path.of(arguments[0]));
                DataOutputStream out = new DataOutputStream(new BufferedOutputStream(System.out))) {
            Tokenizer tokenizer = model.tokenizer().orElseThrow();
            for (int parse = in.read(); parse >= 0; parse = in.read()) {
                String text = new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
                long start = System.nanoTime();
                int[] ids = tokenizer.encode(text, new EncodeOptions(parse == 1, false));
                if (ids.length > 100_000) {
                    System.err.printf("%.2f s for %d tokens, first time%n", (System.nanoTime() - start) / 1e9, ids.length);
                }
                out.writeByte(tokenizer.decodeWithSpecial(ids).equals(text) ? 1 : 0);
                out.writeInt(ids.length);
                for (int id : ids) {
                    out.writeInt(id);
                }
            }
        }
    }
}
