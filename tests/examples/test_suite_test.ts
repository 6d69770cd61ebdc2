/** The tests of the example are tests. */
import "../../examples/test_suite/status_line_test.ts";
