"""The front doors of those who take part: their own small page, by sign-in, by a link they ask for, or on paper."""
