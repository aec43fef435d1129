// Beats four times a second, also for a page in the background, whose own timers sleep.
setInterval(() => postMessage(0), 250);
