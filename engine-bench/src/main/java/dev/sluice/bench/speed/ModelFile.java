package dev.sluice.bench.speed;

import dev.sluice.gguf.Gguf;
import dev.sluice.gguf.Tensor;
import dev.sluice.gguf.TensorType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which file was measured.
 *
 * @param bytes of all parts
 * @param types the share of the bytes that each type has, the largest first: "Q4_K 72.3 %, Q6_K 27.5 %, F32 0.2 %"
 * @param sha256 of the file, of a split model's parts one after the other; empty where it was not asked for
 */
public record ModelFile(
        String name, String architecture, long bytes, long parameters, String types, Optional<String> sha256) {
    private static final int CHUNK = 1 << 20;

    public static ModelFile of(Gguf file, String name, Optional<String> sha256) {
        Map<TensorType, Long> bytes = new EnumMap<>(TensorType.class);
        file.tensors().forEach(tensor -> bytes.merge(tensor.type(), tensor.bytes(), Long::sum));
        double total = bytes.values().stream().mapToLong(Long::longValue).sum();
        String types = bytes.entrySet().stream()
                .sorted(Map.Entry.<TensorType, Long>comparingByValue().reversed())
                .map(e -> String.format(Locale.ROOT, "%s %.1f %%", e.getKey(), 100 * e.getValue() / total))
                .collect(Collectors.joining(", "));
        return new ModelFile(
                name,
                file.metadata().getString("general.architecture"),
                file.fileBytes(),
                file.tensors().stream().mapToLong(Tensor::elements).sum(),
                types,
                sha256);
    }

    /** Reads the files through, one after the other, as one stream. */
    public static String sha256(List<Path> files, Progress progress) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
        long total = 0;
        for (Path file : files) {
            total += Files.size(file);
        }
        byte[] chunk = new byte[CHUNK];
        long done = 0;
        for (Path file : files) {
            try (InputStream in = Files.newInputStream(file)) {
                for (int n = in.read(chunk); n > 0; n = in.read(chunk)) {
                    digest.update(chunk, 0, n);
                    done += n;
                    if (done % (64L * CHUNK) < n) {
                        progress.show("hashing the file: " + 100 * done / total + " %");
                    }
                }
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
