/** The blocks of the family, each the math of one block as verbs on {@link dev.sluice.op.Ops}. */
package dev.sluice.layer;
