package dev.sluice.bench.speed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PeerTest {
    private static final Combination BOTH = new Combination(64, 8, OptionalInt.empty());

    @TempDir
    private Path directory;

    private static Peer peer(String command) {
        return new Peer(command, Path.of("it's a model.gguf"), 2);
    }

    @Test
    void placeholders() {
        Peer peer = peer("bench {model} -p {p} -n {n} -d {d} -t {t}");
        assertThat(peer.command(BOTH)).isEqualTo("bench 'it'\\''s a model.gguf' -p 64 -n 8 -d prompt -t 2");
        assertThat(peer.command(new Combination(0, 8, OptionalInt.of(512)))).endsWith(" -p 0 -n 8 -d 512 -t 2");
    }

    @Test
    void readsTheRates() throws IOException {
        Path seen = directory.resolve("seen");
        Rates rates = peer("printf '%s' {model} > " + seen
                        + "; echo noise >&2; echo '{\"prefill_tps\": 12.5, \"decode_tps\": 3, \"more\": [1]}'")
                .run(BOTH);
        assertThat(rates).isEqualTo(new Rates(12.5, 3));
        assertThat(seen).hasContent("it's a model.gguf");
    }

    @Test
    void aPhaseThatIsNotAskedForMayBeMissing() throws IOException {
        Combination decode = new Combination(0, 8, OptionalInt.empty());
        assertThat(peer("echo '{\"prefill_tps\": null, \"decode_tps\": 3}'").run(decode))
                .isEqualTo(new Rates(0, 3));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "exit 3 | exit status 3: nothing",
                "echo what went wrong >&2; exit 1 | exit status 1: what went wrong",
                "not-a-command-at-all | exit status 127",
                "true | prefill_tps: nothing",
                "echo hello | no JSON object: hello",
                "echo '[1]' | no positive prefill_tps",
                "echo '{\"prefill_tps\": 5}' | no positive decode_tps",
                "echo '{\"prefill_tps\": 0, \"decode_tps\": 1}' | no positive prefill_tps"
            })
    void refusesAnythingElse(String command, String words) {
        assertThatThrownBy(() -> peer(command).run(BOTH))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("--against: ")
                .hasMessageContaining(words);
    }
}
