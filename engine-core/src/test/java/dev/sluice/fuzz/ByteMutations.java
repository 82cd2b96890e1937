package dev.sluice.fuzz;

import dev.sluice.fuzz.GgufImage.Field;
import dev.sluice.fuzz.GgufImage.Kind;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Changes of the bytes of a file: of fields whose meaning is known, and blind ones. */
final class ByteMutations {
    /** @param fields places of the sound file, those beyond the end of a file that was cut among them */
    interface Change {
        byte[] of(byte[] file, List<Field> fields, SplittableRandom random);
    }

    static final Map<String, Change> ALL = Map.of(
            "field", ByteMutations::field,
            "fields exchanged", ByteMutations::exchange,
            "bits", ByteMutations::bits,
            "bits before the data", ByteMutations::bitsBeforeTheData,
            "block copied", ByteMutations::copy,
            "noise", ByteMutations::noise,
            "cut off", (file, fields, random) -> Arrays.copyOf(file, end(file, fields, random)),
            "extended", (file, fields, random) -> Arrays.copyOf(file, file.length + 1 + random.nextInt(4096)),
            "bytes dropped", ByteMutations::dropBytes,
            "bytes inserted", ByteMutations::insertBytes);

    private ByteMutations() {}

    /** A field of a random kind, since most are texts; null if the file has none of it left. */
    private static Field pick(byte[] file, List<Field> fields, SplittableRandom random) {
        Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
        for (int tries = 0; tries < 200 && !fields.isEmpty(); tries++) {
            Field field = Mutation.pick(fields, random);
            if (field.kind() == kind && field.at() + field.size() <= file.length) {
                return field;
            }
        }
        return null;
    }

    private static byte[] field(byte[] file, List<Field> fields, SplittableRandom random) {
        Field field = pick(file, fields, random);
        if (field == null) {
            return file;
        }
        if (field.kind() == Kind.TEXT) {
            return noiseAt(file, field.at(), field.size(), random);
        }
        ByteBuffer bytes = ByteBuffer.wrap(file);
        int size = Math.min(8, field.size());
        Edges.write(bytes, field.at(), size, Edges.integer(Edges.read(bytes, field.at(), size), random));
        return file;
    }

    private static byte[] exchange(byte[] file, List<Field> fields, SplittableRandom random) {
        Field a = pick(file, fields, random);
        Field b = pick(file, fields, random);
        if (a != null && b != null) {
            int size = Math.min(a.size(), b.size());
            byte[] kept = Arrays.copyOfRange(file, a.at(), a.at() + size);
            System.arraycopy(file, b.at(), file, a.at(), size);
            System.arraycopy(kept, 0, file, b.at(), size);
        }
        return file;
    }

    private static byte[] bits(byte[] file, List<Field> fields, SplittableRandom random) {
        return bits(file, file.length, random);
    }

    private static byte[] bitsBeforeTheData(byte[] file, List<Field> fields, SplittableRandom random) {
        return bits(file, Math.min(file.length, header(fields)), random);
    }

    private static int header(List<Field> fields) {
        return fields.isEmpty() ? 0 : fields.getLast().at() + fields.getLast().size();
    }

    private static byte[] bits(byte[] file, int end, SplittableRandom random) {
        for (int n = end == 0 ? 0 : 1 + random.nextInt(8); n > 0; n--) {
            file[random.nextInt(end)] ^= (byte) (1 << random.nextInt(8));
        }
        return file;
    }

    /** A place before the tensor data, most often, since most bytes are data. */
    private static int end(byte[] file, List<Field> fields, SplittableRandom random) {
        int header = Math.min(file.length, header(fields));
        return random.nextInt((random.nextInt(4) == 0 ? file.length : header) + 1);
    }

    private static byte[] copy(byte[] file, List<Field> fields, SplittableRandom random) {
        int from = end(file, fields, random);
        int to = end(file, fields, random);
        int size = Math.min(1 + random.nextInt(256), file.length - Math.max(from, to));
        System.arraycopy(file, from, file, to, size);
        return file;
    }

    private static byte[] noise(byte[] file, List<Field> fields, SplittableRandom random) {
        int at = end(file, fields, random);
        return noiseAt(file, at, Math.min(1 + random.nextInt(64), file.length - at), random);
    }

    private static byte[] noiseAt(byte[] file, int at, int size, SplittableRandom random) {
        byte[] noise = new byte[size];
        random.nextBytes(noise);
        System.arraycopy(noise, 0, file, at, size);
        return file;
    }

    private static byte[] dropBytes(byte[] file, List<Field> fields, SplittableRandom random) {
        int at = end(file, fields, random);
        int size = Math.min(1 + random.nextInt(64), file.length - at);
        byte[] shorter = Arrays.copyOf(file, file.length - size);
        System.arraycopy(file, at + size, shorter, at, shorter.length - at);
        return shorter;
    }

    private static byte[] insertBytes(byte[] file, List<Field> fields, SplittableRandom random) {
        int at = end(file, fields, random);
        int size = 1 + random.nextInt(64);
        byte[] longer = Arrays.copyOf(file, file.length + size);
        System.arraycopy(file, at, longer, at + size, file.length - at);
        return random.nextBoolean() ? longer : noiseAt(longer, at, size, random);
    }
}
