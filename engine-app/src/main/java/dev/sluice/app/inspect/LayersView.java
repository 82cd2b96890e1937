package dev.sluice.app.inspect;

import dev.sluice.MemoryUse;
import dev.sluice.app.inspect.Description.TensorEntry;
import dev.sluice.app.inspect.LayerTree.Family;
import dev.sluice.app.inspect.LayerTree.Group;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The tree of layers: a line for all blocks of equal make, or every block with every tensor. */
final class LayersView {
    private static final int MOST_LINES = 60;
    private static final int KIND = 23;
    private static final int TENSOR = 28;
    private static final int TYPES = 15;
    private static final int COUNT = 10;
    private static final int BYTES = 11;
    private static final String EACH = " each";
    private static final String BRANCH = "├─ ";
    private static final String LAST = "└─ ";
    private static final String PASSING = "│  ";

    /** A line of the tree, and those below it. */
    private record Node(String text, List<String> types, long parameters, long bytes, boolean each, List<Node> below) {}

    /** A block and the group that it belongs to. */
    private record Block(int number, Group group) {}

    private final Page page;
    private final int name;

    LayersView(Page page) {
        this.page = page;
        this.name = Math.max(KIND + 10, page.width() - BRANCH.length() - TYPES - COUNT - BYTES - EACH.length());
    }

    void print(LayerTree tree) {
        List<Node> nodes = new ArrayList<>();
        tree.input().forEach(tensor -> nodes.add(leaf("embedding", tensor)));
        if (page.all()) {
            tree.groups().stream()
                    .flatMap(group -> group.blocks().stream().map(number -> new Block(number, group)))
                    .sorted(Comparator.comparingInt(Block::number))
                    .forEach(block -> nodes.add(block(block)));
        } else {
            tree.groups().forEach(group -> nodes.add(group(group)));
        }
        tree.output().forEach(tensor -> nodes.add(leaf(role(tensor), tensor)));
        if (tree.tied()) {
            nodes.add(new Node(named("head", "tied to the embedding"), List.of(), 0, 0, false, List.of()));
        }
        tree.others().forEach(family -> nodes.add(family(family)));
        page.heading("Layers" + " ".repeat(Math.max(1, BRANCH.length() + name - 6)) + Cells.left("types", TYPES)
                + Cells.right("parameters", COUNT) + Cells.right("size", BYTES));
        print(nodes, "");
    }

    private void print(List<Node> nodes, String indent) {
        List<Node> shown = page.some(nodes, MOST_LINES);
        for (Node node : shown) {
            boolean last = node == nodes.getLast();
            String text = Cells.left(node.text, name - indent.length());
            String types = Cells.left(" " + String.join(" ", node.types), TYPES);
            String sizes = node.bytes == 0
                    ? ""
                    : Cells.right(Cells.count(node.parameters), COUNT)
                            + Cells.right(size(node.bytes), BYTES)
                            + (node.each ? EACH : "");
            page.line(page.look(Page.Look.DIM, indent + (last ? LAST : BRANCH))
                    + text
                    + page.look(Page.Look.CYAN, types)
                    + sizes);
            print(node.below, indent + (last ? "   " : PASSING));
        }
        page.rest(indent, nodes, MOST_LINES, "lines");
    }

    private static String role(TensorEntry tensor) {
        return switch (tensor.name()) {
            case "output.weight" -> "head";
            case "output_norm.weight" -> "output norm";
            default -> "output";
        };
    }

    private Node leaf(String role, TensorEntry tensor) {
        String text = named(role, Cells.printable(tensor.name()) + " " + tensor.shape());
        return new Node(text, List.of(tensor.type()), tensor.parameters(), tensor.bytes(), false, List.of());
    }

    private Node group(Group group) {
        int count = group.blocks().size();
        String kind = count == 1 ? kind(group) : count + " × " + kind(group);
        String text = named(kind, ranges(group.blocks(), name - KIND));
        return new Node(text, group.types(), group.parameters(), group.bytes(), count > 1, List.of());
    }

    private Node block(Block block) {
        List<Node> tensors = block.group.tensors().stream()
                .map(tensor -> new Node(
                        named(
                                Cells.printable(tensor.name()),
                                TENSOR,
                                tensor.shape().toString()),
                        List.of(tensor.type()),
                        tensor.parameters(),
                        tensor.bytes(),
                        false,
                        List.of()))
                .toList();
        return new Node(
                named("blk." + block.number, kind(block.group)),
                List.of(),
                block.group.parameters(),
                block.group.bytes(),
                false,
                tensors);
    }

    private Node family(Family family) {
        String text = named(
                "other",
                Cells.printable(family.name()) + (family.tensors() == 1 ? "" : ", " + family.tensors() + " tensors"));
        return new Node(text, family.types(), family.parameters(), family.bytes(), false, List.of());
    }

    private static String kind(Group group) {
        String layers = group.feedForward().equals("none") ? group.mixer() : group.mixer() + ", " + group.feedForward();
        return group.mtp() ? "MTP: " + layers : layers;
    }

    private static String named(String kind, String text) {
        return named(kind, KIND, text);
    }

    private static String named(String kind, int width, String text) {
        return Cells.width(kind) < width ? Cells.left(kind, width) + text : kind + "  " + text;
    }

    private static String size(long bytes) {
        return MemoryUse.text(bytes);
    }

    /** Numbers as runs, "0-2, 4-6, 8"; where that is too long, its start and its end. */
    static String ranges(List<Integer> numbers, int width) {
        List<String> runs = new ArrayList<>();
        int from = 0;
        for (int i = 1; i <= numbers.size(); i++) {
            if (i == numbers.size() || numbers.get(i) != numbers.get(i - 1) + 1) {
                int first = numbers.get(from);
                int last = numbers.get(i - 1);
                runs.add(first == last ? "" + first : first + "-" + last);
                from = i;
            }
        }
        String all = String.join(", ", runs);
        if (all.length() <= width) {
            return all;
        }
        String end = " … " + runs.getLast();
        StringBuilder start = new StringBuilder();
        for (String run : runs) {
            if (start.length() + run.length() + 2 + end.length() > width) {
                break;
            }
            start.append(start.isEmpty() ? "" : ", ").append(run);
        }
        return start + end;
    }
}
