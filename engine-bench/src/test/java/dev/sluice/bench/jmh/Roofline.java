package dev.sluice.bench.jmh;

import dev.sluice.bench.speed.MachineLimits;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The results as a roofline (Williams et al. 2009) in SVG: a panel for each shape, operations for each byte of memory
 * against operations a second, both logarithmic, under what memory and arithmetic allow. Products have the colour of
 * their type; other verbs have their names beside them. On white, so that it can be read on any page.
 */
final class Roofline {
    private static final int WIDTH = 740; // of a panel
    private static final int HEIGHT = 360;
    private static final int TOP = 140; // of the first
    private static final int LEFT = 64;
    private static final int PITCH = HEIGHT + 84; // from a panel to the next

    private static final double LEAST_INTENSITY = 0.1;
    private static final double MOST_INTENSITY = 1000;

    private static final List<String> COLOURS = List.of(
            "#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b", "#e377c2", "#17becf", "#bcbd22",
            "#444444");

    private final MachineLimits limits;
    private final double leastFlops;
    private final double mostFlops;
    private final Map<String, String> colours = new LinkedHashMap<>();
    private final StringBuilder svg = new StringBuilder();

    private Roofline(List<Result> results, MachineLimits limits) {
        this.limits = limits;
        double least = results.stream().mapToDouble(Result::flops).min().orElse(1e9);
        leastFlops = Math.min(0.5 * least, LEAST_INTENSITY * limits.memoryRead());
        mostFlops = 2 * limits.fma();
        for (Result r : results) {
            if (r.verb().equals("matmul")) {
                colours.computeIfAbsent(r.type(), type -> COLOURS.get(colours.size() % COLOURS.size()));
            }
        }
    }

    static String of(Report report) {
        Map<String, List<Result>> shapes = report.results().stream()
                .collect(Collectors.groupingBy(Result::shape, LinkedHashMap::new, Collectors.toList()));
        return new Roofline(report.results(), report.limits()).draw(shapes, report.origin());
    }

    private String draw(Map<String, List<Result>> shapes, String origin) {
        int width = LEFT + WIDTH + 26;
        int height = TOP + shapes.size() * PITCH - 20;
        add(
                "<svg xmlns='http://www.w3.org/2000/svg' width='%d' height='%d' viewBox='0 0 %d %d'",
                width, height, width, height);
        add(" font-family='DejaVu Sans, Helvetica, Arial, sans-serif' font-size='13'>");
        add("<rect width='%d' height='%d' fill='white'/>", width, height);
        int line = 24;
        for (String text : origin.split("\n")) {
            text(16, line, "start", "#000", 12, text);
            line += 17;
        }
        legend(line + 10);
        int down = 0;
        for (var shape : shapes.entrySet()) {
            add("<g transform='translate(0 %d)'>", down);
            axes(shape.getKey());
            roof();
            products(shape.getValue());
            others(shape.getValue());
            add("</g>");
            down += PITCH;
        }
        return svg.append("</svg>\n").toString();
    }

    private double x(double intensity) {
        return LEFT + WIDTH * Math.log(intensity / LEAST_INTENSITY) / Math.log(MOST_INTENSITY / LEAST_INTENSITY);
    }

    private double y(double flops) {
        return TOP + HEIGHT * (1 - Math.log(flops / leastFlops) / Math.log(mostFlops / leastFlops));
    }

    private double x(Result r) {
        return x(r.work().flop() / r.work().bytes());
    }

    private void axes(String shape) {
        int bottom = TOP + HEIGHT;
        text(LEFT + WIDTH / 2.0, TOP - 12, "middle", "#000", 15, shape);
        for (double i = LEAST_INTENSITY; i < 1.01 * MOST_INTENSITY; i *= 10) {
            line(x(i), TOP, x(i), bottom, "#e4e4e4", 1);
            text(x(i), bottom + 16, "middle", "#444", 12, number(i));
        }
        for (double f = Math.pow(10, Math.ceil(Math.log10(leastFlops))); f < mostFlops; f *= 10) {
            line(LEFT, y(f), LEFT + WIDTH, y(f), "#e4e4e4", 1);
            text(LEFT - 6, y(f) + 4, "end", "#444", 12, number(f / 1e9));
        }
        add("<rect x='%d' y='%d' width='%d' height='%d' fill='none' stroke='#888'/>", LEFT, TOP, WIDTH, HEIGHT);
        text(LEFT + WIDTH / 2.0, bottom + 34, "middle", "#444", 13, "FLOP per byte of memory");
        int middle = TOP + HEIGHT / 2;
        add("<text x='16' y='%d' text-anchor='middle' fill='#444' transform='rotate(-90 16 %d)'>", middle, middle);
        add("GFLOP/s</text>");
    }

    private void roof() {
        double ridge = limits.fma() / limits.memoryRead();
        double start = Math.max(LEAST_INTENSITY, leastFlops / limits.memoryRead());
        double foot = x(start);
        double low = y(start * limits.memoryRead());
        double high = y(limits.fma());
        add(
                "<polyline fill='none' stroke='#000' stroke-width='1.8' points='%.1f,%.1f %.1f,%.1f %d,%.1f'/>",
                foot, low, x(ridge), high, LEFT + WIDTH, high);
        text(LEFT + WIDTH - 6, high - 7, "end", "#000", 12, Text.of("multiply-add, %.0f GFLOP/s", limits.fma() / 1e9));
        double x = (foot + x(ridge)) / 2 - 6;
        double y = (low + high) / 2 - 6;
        double degrees = Math.toDegrees(Math.atan2(high - low, x(ridge) - foot));
        add("<g transform='rotate(%.1f %.1f %.1f)'>", degrees, x, y);
        text(x, y, "middle", "#000", 12, Text.of("memory read, %.1f GB/s", limits.memoryRead() / 1e9));
        add("</g>");
    }

    private void products(List<Result> results) {
        for (Result r : results) {
            if (r.verb().equals("matmul")) {
                marker(x(r), y(r.flops()), r.rows(), colours.get(r.type()));
            }
        }
    }

    /** Names stand beside their points, moved down where there is something already. */
    private void others(List<Result> results) {
        List<double[]> taken = new ArrayList<>();
        for (Result r : results) {
            taken.add(new double[] {x(r) - 4, y(r.flops()) + 3, 8});
        }
        for (Result r : results) {
            if (r.verb().equals("matmul")) {
                continue;
            }
            double x = x(r);
            double y = y(r.flops());
            String name =
                    r.verb() + (r.type().isEmpty() ? "" : " " + r.type()) + (r.rows() == 1 ? "" : " x" + r.rows());
            double wide = 6.4 * name.length();
            boolean before = x + wide + 8 > LEFT + WIDTH;
            double from = before ? x - wide - 7 : x + 7;
            double at = y + 3;
            while (collides(taken, from, at, wide)) {
                at += 4;
            }
            taken.add(new double[] {from, at, wide});
            if (at > y + 8) {
                line(x, y, before ? from + wide + 1 : from - 1, at - 3, "#999", 0.6);
            }
            add("<circle cx='%.1f' cy='%.1f' r='2.6' fill='#000'/>", x, y);
            text(from, at, "start", "#222", 11, name);
        }
    }

    private static boolean collides(List<double[]> taken, double x, double y, double wide) {
        return taken.stream().anyMatch(t -> x < t[0] + t[2] && t[0] < x + wide && Math.abs(y - t[1]) < 12);
    }

    private void legend(int y) {
        double x = LEFT;
        for (var colour : colours.entrySet()) {
            add("<rect x='%.1f' y='%d' width='12' height='12' fill='%s'/>", x, y - 10, colour.getValue());
            text(x + 17, y, "start", "#000", 12, colour.getKey());
            x += 34 + 8.5 * colour.getKey().length();
        }
        x = LEFT + 6;
        for (int rows : List.of(1, 256)) {
            marker(x, y + 18, rows, "#444");
            String name = rows == 1 ? "matmul, 1 row" : "matmul, 256 rows; at fewer FLOP per byte, 4";
            text(x + 11, y + 22, "start", "#000", 12, name);
            x += 40 + 7 * name.length();
        }
        add("<circle cx='%.1f' cy='%d' r='2.6' fill='#000'/>", x, y + 18);
        text(x + 11, y + 22, "start", "#000", 12, "other verbs, by name; x256: with 256 rows");
    }

    /** A circle for one row, a square for many. */
    private void marker(double x, double y, int rows, String colour) {
        if (rows == 1) {
            add("<circle cx='%.1f' cy='%.1f' r='4.5' fill='%s'/>", x, y, colour);
        } else {
            add("<rect x='%.1f' y='%.1f' width='8' height='8' fill='%s'/>", x - 4, y - 4, colour);
        }
    }

    private void line(double x1, double y1, double x2, double y2, String colour, double width) {
        add(
                "<line x1='%.1f' y1='%.1f' x2='%.1f' y2='%.1f' stroke='%s' stroke-width='%.1f'/>",
                x1, y1, x2, y2, colour, width);
    }

    private void text(double x, double y, String anchor, String colour, int size, String text) {
        String escaped = text.replace("&", "&amp;").replace("<", "&lt;");
        add(
                "<text x='%.1f' y='%.1f' text-anchor='%s' fill='%s' font-size='%d' %s>",
                x, y, anchor, colour, size, "stroke='white' stroke-width='2.5' paint-order='stroke'");
        svg.append(escaped).append("</text>\n");
    }

    private static String number(double value) {
        return value < 1 ? Text.of("%.2g", value).replaceFirst("0$", "") : Text.of("%.0f", value);
    }

    private void add(String format, Object... values) {
        svg.append(Text.of(format, values)).append('\n');
    }
}
