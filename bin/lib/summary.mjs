/**
 * The last line of a test run, from vitest's JSON report. A file that could not even be loaded
 * holds no tests to fail, so it counts as one failure itself.
 */
export function summaryLine(report) {
  const brokenFiles = report.testResults.filter(
    (file) => file.status === "failed" && !file.assertionResults.some((t) => t.status === "failed"),
  );
  const failed = report.numFailedTests + brokenFiles.length;
  const skipped = report.numPendingTests + report.numTodoTests;
  return `${report.numPassedTests} passed, ${failed} failed, ${skipped} skipped`;
}
