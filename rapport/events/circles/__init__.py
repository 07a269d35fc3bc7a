"""Pages and letters of circles: mentors who meet among themselves."""
