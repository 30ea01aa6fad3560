"""The switch between 平时 and 急时 at a console: what holds here, the sheet that changes it, the frame that says it."""
