import "../../examples/test_suite/status_line.test.ts";
