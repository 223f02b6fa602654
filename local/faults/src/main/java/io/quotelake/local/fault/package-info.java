/**
 * Faults on purpose: what a promise of exactly once has to survive, injected into the real
 * processes.
 */
package io.quotelake.local.fault;
