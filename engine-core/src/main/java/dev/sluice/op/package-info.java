/**
 * The seam between the description of a model and what computes it. {@code arch} and {@code layer} speak only to
 * {@link dev.sluice.op.Ops}; a backend implements it. Calling a verb only fixes its order: nobody looks at a
 * {@link dev.sluice.op.Buf} before {@link dev.sluice.op.Ops#run} returns, so that a backend may compute at once or
 * record a plan and replay it.
 *
 * <p>The rules that keep this true: no branch on values in a {@code Buf}; whatever differs between two steps of equal
 * size is read from {@link dev.sluice.op.Step}, never passed as an argument; a verb that keeps something between
 * steps names its layer, not a state object.
 *
 * <p>Two choices of our own. Temporaries of the coarse verbs are named buffers of the backend; binding a model runs
 * its forward once on an empty step, which reserves every one of them and computes nothing. A routing selection is an
 * ordinary {@code Buf} (expert numbers are exact in F32), so that no second kind of working memory is needed.
 */
package dev.sluice.op;
