/** Runs the tests of the example. */
import "../../examples/test_suite/status_line_test.ts";
