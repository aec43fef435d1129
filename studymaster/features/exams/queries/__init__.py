"""Every statement on exams."""
