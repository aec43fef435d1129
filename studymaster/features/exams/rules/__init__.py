"""What is true of exams without asking anybody. Pure."""
