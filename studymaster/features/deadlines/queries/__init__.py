"""Every statement on due dates, announcements and calendar feeds. The account comes first."""
