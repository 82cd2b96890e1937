package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The public API changes only on purpose: {@code public-api.txt} lists it, and a change of it shows in every review. */
class PublicApiTest {
    private static final Path FILE = Path.of("src/test/resources/dev/sluice/public-api.txt");

    /** What users of the library import; and the seam, which is what another backend implements. */
    private static final List<String> PACKAGES = List.of(
            "dev.sluice",
            "dev.sluice.chat",
            "dev.sluice.sample",
            "dev.sluice.tokenizer",
            "dev.sluice.gguf",
            "dev.sluice.op");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(PACKAGES);

    private static Stream<Class<?>> types(String packageName) {
        return CLASSES.stream()
                .filter(type -> type.getPackageName().equals(packageName))
                .sorted(Comparator.comparing(JavaClass::getName))
                .<Class<?>>map(JavaClass::reflect)
                .filter(PublicApiTest::visible);
    }

    private static boolean visible(Class<?> type) {
        return PublicApi.visible(type.getModifiers())
                && (type.getDeclaringClass() == null || visible(type.getDeclaringClass()));
    }

    @Test
    void isWhatTheFileSays() throws IOException {
        StringBuilder text = new StringBuilder();
        for (String name : PACKAGES) {
            text.append("# package ").append(name).append("\n\n");
            types(name).map(PublicApi::describe).forEach(type -> text.append(type)
                    .append("\n"));
        }
        GeneratedFile.check(FILE, text.toString().stripTrailing() + "\n");
    }

    @Test
    void speaksOfNoInternalType() {
        for (String name : PACKAGES) {
            types(name).forEach(type -> assertThat(PublicApi.packages(type))
                    .as("packages in %s", type)
                    .allMatch(used -> used.startsWith("java.") || PACKAGES.contains(used)));
        }
    }
}
