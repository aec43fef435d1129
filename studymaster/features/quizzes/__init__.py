"""Practice quizzes made from a student's own cards; they never touch a schedule."""
