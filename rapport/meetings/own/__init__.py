"""The page of one person about the meetings of one pair: by a link, on paper, or from their front door."""
