/** The empty program: what a runtime takes to start. */
