"""The questions that screens, the API and jobs ask.  Reads only; rows are found through what the actor may see."""
