"""The test cloud's engine: ministack, made as strict and as complete as the tests need."""
