package dev.sluice.app.chat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.chat.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/** A conversation as JSON: {@code {"messages":[{"role":...,"content":...,"reasoning":...},...]}}; only the assistant reasons. */
final class ConversationFile {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ConversationFile() {}

    /** Writes all or nothing: what was there before stays until the new file is complete. */
    static void write(Path file, List<Message> messages) throws IOException {
        ObjectNode root = JSON.createObjectNode();
        ArrayNode array = root.putArray("messages");
        for (Message message : messages) {
            ObjectNode node = array.addObject();
            node.put("role", message.role().name().toLowerCase(Locale.ROOT));
            node.put("content", message.content());
            message.reasoning().ifPresent(text -> node.put("reasoning", text));
        }
        byte[] bytes = JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(root);
        Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath(); // a link stays a link
        refuseDirectory(target);
        Path part = target.resolveSibling(target.getFileName() + "." + UUID.randomUUID() + ".part");
        try {
            Files.write(part, bytes, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SYNC);
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws IllegalArgumentException if it is something else; the message names the file and the message concerned
     */
    static List<Message> read(Path file) throws IOException {
        refuseDirectory(file);
        JsonNode root;
        try {
            root = JSON.readTree(Files.readAllBytes(file));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(file + ": invalid JSON: " + e.getOriginalMessage());
        }
        JsonNode array = root.path("messages");
        if (!array.isArray()) {
            throw new IllegalArgumentException(file + ": expected an object with the array \"messages\"");
        }
        List<Message> messages = new ArrayList<>();
        for (JsonNode node : array) {
            messages.add(message(node, file + ": message " + messages.size()));
        }
        return messages;
    }

    private static void refuseDirectory(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new IOException(file + ": a directory, expected a file");
        }
    }

    private static Message message(JsonNode node, String place) {
        if (!node.path("content").isTextual()) {
            throw new IllegalArgumentException(place + " has no text \"content\"");
        }
        String content = node.get("content").textValue();
        return switch (node.path("role").asText()) {
            case "system" -> {
                if (!place.endsWith(" 0")) {
                    throw new IllegalArgumentException(place + ": a system message can only be the first");
                }
                yield Message.system(content);
            }
            case "user" -> Message.user(content);
            case "assistant" ->
                Message.assistant(content).withReasoning(node.path("reasoning").asText(""));
            default ->
                throw new IllegalArgumentException(
                        place + " has the role " + node.path("role") + ", expected system, user or assistant");
        };
    }
}
