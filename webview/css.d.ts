// esbuild gathers what is imported here into the stylesheet beside the script.
declare module '*.css';
