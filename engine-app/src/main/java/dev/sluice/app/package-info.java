/** The program. The only package that prints or exits; everything it does goes through the public API. */
package dev.sluice.app;
