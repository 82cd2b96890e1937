package dev.sluice.app.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.chat.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConversationFileTest {
    private static final List<Message> TALK = List.of(
            Message.system("Be \"short\"."),
            Message.user("Grüße,\n世界 😀\u001b"),
            Message.assistant("Hello.").withReasoning("polite"),
            Message.user("?"),
            Message.assistant("").withReasoning(""));

    @TempDir
    private Path directory;

    @Test
    void readsWhatItWrote() throws IOException {
        Path file = directory.resolve("talk.json");
        ConversationFile.write(file, TALK);
        assertThat(ConversationFile.read(file)).isEqualTo(TALK);
        JsonNode third = new ObjectMapper().readTree(file.toFile()).at("/messages/2");
        assertThat(third.get("role").textValue()).isEqualTo("assistant");
        assertThat(third.get("content").textValue()).isEqualTo("Hello.");
        assertThat(third.get("reasoning").textValue()).isEqualTo("polite");
    }

    @Test
    void replacesTheFileALinkNames() throws IOException {
        Path file = Files.writeString(directory.resolve("old.json"), "old");
        Path link = Files.createSymbolicLink(directory.resolve("link.json"), file.getFileName());
        ConversationFile.write(link, TALK);
        assertThat(link).isSymbolicLink();
        assertThat(ConversationFile.read(file)).isEqualTo(TALK);
    }

    /** What was there stays, and nothing else is left behind. */
    @Test
    void aFailureLeavesNothing() throws IOException {
        Path taken = Files.createDirectory(directory.resolve("taken"));
        assertThatThrownBy(() -> ConversationFile.write(taken, TALK)).hasMessageContaining("a directory");
        assertThatThrownBy(() -> ConversationFile.write(directory.resolve("none/talk.json"), TALK))
                .isInstanceOf(IOException.class);
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left).containsExactly(taken);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{ | invalid JSON",
                "[] | an object with the array",
                "{\"messages\":[{\"role\":\"user\"}]} | message 0 has no text",
                "{\"messages\":[{\"role\":\"tool\",\"content\":\"x\"}]} | expected system, user or assistant",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"},{\"role\":\"system\",\"content\":\"x\"}]}"
                        + " | message 1: a system message can only be the first"
            })
    void refusesOtherFiles(String json, String words) throws IOException {
        Path file = Files.writeString(directory.resolve("other.json"), json);
        assertThatThrownBy(() -> ConversationFile.read(file)).hasMessageContainingAll(file.toString(), words);
    }
}
