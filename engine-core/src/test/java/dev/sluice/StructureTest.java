package dev.sluice;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The rules that keep the engine easy to change; each says why it is there. */
class StructureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.sluice");

    @Test
    void theModelIsDescribedWithoutABackend() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.sluice.arch", "dev.sluice.layer", "dev.sluice.op")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.sluice.cpu..", "dev.sluice")
                .because("another backend must run the same description")
                .check(CLASSES);
    }

    @Test
    void textKnowsNothingOfTheEngine() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.sluice.chat..", "dev.sluice.tokenizer", "dev.sluice.sample")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.sluice.op", "dev.sluice.arch", "dev.sluice.layer", "dev.sluice.cpu..", "dev.sluice.gguf")
                .because("templates, tokens and sampling are usable and testable alone")
                .check(CLASSES);
    }

    @Test
    void packagesFormNoCycle() {
        slices().matching("dev.sluice.(**)")
                .should()
                .beFreeOfCycles()
                .because("a cycle is one package in two folders")
                .check(CLASSES);
    }

    @Test
    void theEngineNeitherPrintsNorExits() {
        noClasses()
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(System.class, "exit", int.class)
                .because("standard output belongs to the program's answers")
                .check(CLASSES);
    }
}
