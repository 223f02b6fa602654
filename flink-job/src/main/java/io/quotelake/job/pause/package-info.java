/** Holds the source while memory is short, and notes how far a task has read. */
package io.quotelake.job.pause;
